package pairs.openredirect.flow;

class Target {
    private final String address;

    Target(String address) {
        this.address = address;
    }

    String address() {
        return address;
    }

    String local() {
        return address.startsWith("/cart") ? "/cart" : "/home";
    }
}
