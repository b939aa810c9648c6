class UsersController < ApplicationController
  SORTABLE = %w[name created_at].freeze

  def index
    # ruleid: sql-injection
    @users = User.where("name = '#{params[:name]}'")
    # ruleid: sql-injection
    @items = Item.order(params[:sort])
    condition = "price > " + params[:price]
    # ruleid: sql-injection
    @cheap = Item.where(condition)
    # ruleid: sql-injection
    @all = User.find_by_sql("SELECT * FROM users WHERE mail = '#{params[:mail]}'")
    # ok: sql-injection
    @bound = User.where('name = ?', params[:name])
    # ok: sql-injection
    @hash = User.where(name: params[:name])
    # ok: sql-injection
    @number = User.where("id = #{params[:id].to_i}")
    # ok: sql-injection
    @one = User.find(params[:id])
  end

  def sorted
    column = params[:sort]
    return head(:bad_request) unless SORTABLE.include?(column)
    # ok: sql-injection
    @items = Item.order(column)
  end

  def report
    # ruleid: sql-injection-connection
    ActiveRecord::Base.connection.execute("DELETE FROM logs WHERE owner = '#{params[:owner]}'")
    sql = "SELECT * FROM logs WHERE day = '" + params[:day] + "'"
    # ruleid: sql-injection-connection
    @rows = client.query(sql)
    # ok: sql-injection-connection
    @safe = conn.exec_params('SELECT * FROM logs WHERE day = $1', [params[:day]])
    # ok: sql-injection-connection
    @day = connection.execute("SELECT * FROM logs WHERE day = #{connection.quote(params[:day])}")
  end

  def deep
    find_named(params[:name])
  end

  private

  def find_named(name)
    # deepruleid: sql-injection
    User.where("name = '#{name}'")
  end
end
