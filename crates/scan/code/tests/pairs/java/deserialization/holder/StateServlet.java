package pairs.deserialization.holder;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.*;
import java.util.Base64;

class StateServlet extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        StateHolder holder = new StateHolder();
        holder.fill(Base64.getDecoder().decode(req.getParameter("state")));
        try {
            holder.restore();
        } catch (ClassNotFoundException e) {
            throw new IOException(e);
        }
    }

    @Override
    protected void doPost(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        StateHolder holder = new StateHolder();
        holder.fill(Base64.getDecoder().decode(req.getParameter("state")));
        try {
            holder.restoreFiltered();
        } catch (ClassNotFoundException e) {
            throw new IOException(e);
        }
    }
}
