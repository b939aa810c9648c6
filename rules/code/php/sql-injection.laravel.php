<?php

namespace App\Http\Controllers;

use Illuminate\Http\Request;
use Illuminate\Support\Facades\DB;

class ItemController extends Controller
{
    public function index(Request $request)
    {
        $order = $request->input('order');
        // ruleid: sql-injection-laravel-raw
        $a = DB::select("SELECT * FROM items ORDER BY $order");
        // ruleid: sql-injection-laravel-raw
        $b = Item::whereRaw("title = '" . $request->query('title') . "'")->get();
        // ruleid: sql-injection-laravel-raw
        $c = DB::table('items')->orderByRaw($order)->get();
        // ok: sql-injection-laravel-raw
        $d = DB::select('SELECT * FROM items WHERE title = ?', [$request->input('title')]);
        // ok: sql-injection-laravel-raw
        $e = Item::whereRaw('title = ?', [$request->query('title')])->get();
        // ok: sql-injection-laravel-raw
        $f = Item::where('title', $request->query('title'))->get();
        return [$a, $b, $c, $d, $e, $f];
    }
}
