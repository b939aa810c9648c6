package pairs.sqlinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.sql.*;

class Dispatch {
    interface Cleaner {
        String clean(String text);
    }

    static class Digits implements Cleaner {
        public String clean(String text) {
            return String.valueOf(Integer.parseInt(text));
        }
    }

    static class Upper implements Cleaner {
        public String clean(String text) {
            return text.toUpperCase();
        }
    }

    abstract static class Source {
        abstract String read(HttpServletRequest req);

        String both(HttpServletRequest req) {
            return "id = " + read(req);
        }
    }

    static class FromRequest extends Source {
        String read(HttpServletRequest req) {
            return req.getParameter("id");
        }
    }

    static class FromNowhere extends Source {
        String read(HttpServletRequest req) {
            return "1";
        }
    }

    static class Base {
        String pick(String text) {
            return "1";
        }
    }

    static class Passing extends Base {
        @Override
        String pick(String text) {
            return text;
        }
    }

    static class Keeping extends Base {
        @Override
        String pick(String text) {
            return super.pick(text);
        }
    }

    void unsafeInterface(HttpServletRequest req, Statement st) throws SQLException {
        Cleaner cleaner = new Upper();
        // deepruleid: sql-injection
        st.execute("DELETE FROM t WHERE id = " + cleaner.clean(req.getParameter("id")));
    }

    void safeInterface(HttpServletRequest req, Statement st) throws SQLException {
        Cleaner cleaner = new Digits();
        // ok: sql-injection
        st.execute("DELETE FROM t WHERE id = " + cleaner.clean(req.getParameter("id")));
    }

    void unsafeAbstract(HttpServletRequest req, Statement st) throws SQLException {
        Source source = new FromRequest();
        // deepruleid: sql-injection
        st.execute("DELETE FROM t WHERE " + source.both(req));
    }

    void safeAbstract(HttpServletRequest req, Statement st) throws SQLException {
        Source source = new FromNowhere();
        // ok: sql-injection
        st.execute("DELETE FROM t WHERE " + source.both(req));
    }

    void unsafeOverride(HttpServletRequest req, Statement st) throws SQLException {
        Base b = new Passing();
        // deepruleid: sql-injection
        st.execute("DELETE FROM t WHERE id = " + b.pick(req.getParameter("id")));
    }

    void safeSuper(HttpServletRequest req, Statement st) throws SQLException {
        Base b = new Keeping();
        // ok: sql-injection
        st.execute("DELETE FROM t WHERE id = " + b.pick(req.getParameter("id")));
    }
}
