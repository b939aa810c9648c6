<?php
// ruleid: debug-output
ini_set('display_errors', 1);
// ruleid: debug-output
phpinfo();
// ok: debug-output
ini_set('display_errors', 0);
// ok: debug-output
ini_set('log_errors', 1);
// ruleid: variables-from-request
extract($_POST);
// ruleid: variables-from-request
parse_str($_SERVER['QUERY_STRING']);
// ok: variables-from-request
parse_str($_SERVER['QUERY_STRING'], $fields);
// ok: variables-from-request
extract($row);
// ok: variables-from-request
extract($_GET, EXTR_SKIP);

class UserController extends Controller
{
    public function store(Request $request)
    {
        // ruleid: mass-assignment
        $user = User::create($request->all());
        // ruleid: mass-assignment
        $user->update($request->all());
        // ok: mass-assignment
        $user = User::create($request->validated());
        // ok: mass-assignment
        $user->fill($request->only(['name', 'mail']));
        return $user;
    }
}

// ruleid: mass-assignment-unguarded
Model::unguard();

// ruleid: mass-assignment-unguarded
class Item extends Model
{
    protected $guarded = [];
}

// ok: mass-assignment-unguarded
class Order extends Model
{
    protected $fillable = ['title', 'price'];
}

// ok: mass-assignment-unguarded
class Person extends Model
{
    protected $guarded = ['id', 'role'];
}

// ruleid: csrf-excluded
class VerifyEverything extends VerifyCsrfToken
{
    protected $except = ['*'];
}

// ok: csrf-excluded
class VerifyMost extends VerifyCsrfToken
{
    protected $except = ['webhook/stripe'];
}

// ruleid: csrf-excluded
$resolver->setDefaults(['data_class' => Item::class, 'csrf_protection' => false]);
// ok: csrf-excluded
$resolver->setDefaults(['data_class' => Item::class]);

// ruleid: cors-reflected-origin
header('Access-Control-Allow-Origin: ' . $_SERVER['HTTP_ORIGIN']);
$origin = $_SERVER['HTTP_ORIGIN'];
// ruleid: cors-reflected-origin
header("Access-Control-Allow-Origin: $origin");
// ok: cors-reflected-origin
header('Access-Control-Allow-Origin: https://app.example');

function allowOrigin()
{
    $origin = $_SERVER['HTTP_ORIGIN'];
    if (in_array($origin, ['https://app.example'], true)) {
        // ok: cors-reflected-origin
        header('Access-Control-Allow-Origin: ' . $origin);
    }
}
