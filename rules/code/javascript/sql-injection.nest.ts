import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { DataSource, Repository } from 'typeorm';
import { User } from './user.entity';

@Controller('users')
export class UsersController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: Repository<User>,
  ) {}

  @Get()
  async find(@Query('name') name: string) {
    // ruleid: sql-injection-typeorm
    return this.dataSource.query(`SELECT * FROM users WHERE name = '${name}'`);
  }

  @Get('list')
  async list(@Query('order') order: string) {
    // ruleid: sql-injection-typeorm
    return this.users.createQueryBuilder('u').orderBy(order).getMany();
  }

  @Post()
  async search(@Body() body: SearchDto) {
    // ruleid: sql-injection-typeorm
    return this.users.createQueryBuilder('u').where("u.name = '" + body.name + "'").getMany();
  }

  @Get(':id')
  async one(@Param('id') id: number) {
    // ok: sql-injection-typeorm
    return this.dataSource.query(`SELECT * FROM users WHERE id = ${id}`);
  }

  @Post('bound')
  async bound(@Body() body: SearchDto) {
    // ok: sql-injection-typeorm
    return this.users.createQueryBuilder('u').where('u.name = :name', { name: body.name }).getMany();
  }
}
