<?php
function shop_orders()
{
    global $wpdb;
    $state = $_GET['state'];
    // ruleid: sql-injection-wordpress
    $a = $wpdb->get_results("SELECT * FROM {$wpdb->prefix}orders WHERE state = '$state'");
    // ruleid: sql-injection-wordpress
    $wpdb->query("DELETE FROM {$wpdb->prefix}orders WHERE id = " . $_POST['id']);
    // ok: sql-injection-wordpress
    $b = $wpdb->get_results($wpdb->prepare("SELECT * FROM orders WHERE state = %s", $state));
    // ok: sql-injection-wordpress
    $wpdb->query('DELETE FROM orders WHERE id = ' . absint($_POST['id']));
    return [$a, $b];
}
