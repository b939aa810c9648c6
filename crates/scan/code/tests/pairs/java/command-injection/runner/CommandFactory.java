package pairs.commandinjection.runner;

interface CommandFactory {
    String[] make(String job);
}

class ShellFactory implements CommandFactory {
    @Override
    public String[] make(String job) {
        return new String[] {"sh", "-c", job};
    }
}

class FixedFactory implements CommandFactory {
    @Override
    public String[] make(String job) {
        return new String[] {"sh", "-c", "nightly".equals(job) ? "/opt/nightly" : "/opt/hourly"};
    }
}
