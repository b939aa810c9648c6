package pairs.xss.tags;

import org.owasp.encoder.Encode;

class Tag {
    private final String name;
    private final String body;

    private Tag(Builder builder) {
        this.name = builder.name;
        this.body = builder.body;
    }

    static Builder named(String name) {
        return new Builder(name);
    }

    String render() {
        return "<" + name + ">" + body + "</" + name + ">";
    }

    static class Builder {
        private final String name;
        private String body = "";

        Builder(String name) {
            this.name = name;
        }

        Builder text(String body) {
            this.body = body;
            return this;
        }

        Builder escaped(String body) {
            this.body = Encode.forHtml(body);
            return this;
        }

        Tag build() {
            return new Tag(this);
        }
    }
}
