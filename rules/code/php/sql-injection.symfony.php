<?php

namespace App\Controller;

use Doctrine\ORM\EntityManagerInterface;
use Symfony\Component\HttpFoundation\Request;

class PersonController
{
    public function search(Request $request, EntityManagerInterface $em)
    {
        $name = $request->query->get('name');
        // ruleid: sql-injection-doctrine
        $a = $em->createQuery("SELECT p FROM App\Entity\Person p WHERE p.name = '$name'");
        $qb = $em->createQueryBuilder()->select('p')->from(Person::class, 'p');
        // ruleid: sql-injection-doctrine
        $qb->where("p.name = '" . $name . "'");
        // ok: sql-injection-doctrine
        $qb->where('p.name = :name')->setParameter('name', $name);
        // ok: sql-injection-doctrine
        $b = $em->createQuery('SELECT p FROM App\Entity\Person p WHERE p.name = :name')->setParameter('name', $name);
        return [$a, $qb, $b];
    }
}
