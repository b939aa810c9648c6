package pairs.pathtraversal.store;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.*;

class DownloadServlet extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        Store store = new PlainStore("/srv/files");
        store.open(req.getParameter("file")).transferTo(resp.getOutputStream());
    }

    @Override
    protected void doPost(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        Store store = new CheckedStore("/srv/files");
        store.open(req.getParameter("file")).transferTo(resp.getOutputStream());
    }
}
