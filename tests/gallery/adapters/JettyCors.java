// The CrossOriginFilter of Jetty 9, before every servlet of a context.
import java.io.IOException;
import java.util.EnumSet;
import java.util.Map;
import javax.servlet.DispatcherType;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.eclipse.jetty.servlets.CrossOriginFilter;
import org.eclipse.jetty.util.ajax.JSON;

public class JettyCors {
    public static void main(String[] arguments) throws Exception {
        org.eclipse.jetty.util.log.Log.setLog(new org.eclipse.jetty.util.log.JavaUtilLog("quiet"));
        java.util.logging.LogManager.getLogManager().reset();
        String text = java.nio.file.Files.readString(java.nio.file.Path.of(arguments[0]));
        Map<?, ?> config = (Map<?, ?>) JSON.parse(text);
        if (config.get("allow_private_network").equals(true)) lacks("option for private network access");

        // An entry with a * is a pattern, in which a dot is a dot and a * anything; there are no others.
        if (config.get("allow_origin_regex") != null) lacks("regular expressions for origins");
        FilterHolder cors = new FilterHolder(CrossOriginFilter.class);
        cors.setInitParameter("allowedOrigins", listed(config, "allow_origins"));
        String methods = listed(config, "allow_methods");
        cors.setInitParameter("allowedMethods", methods.equals("*") ? "GET,HEAD,POST,PUT,PATCH,DELETE" : methods);
        cors.setInitParameter("allowedHeaders", listed(config, "allow_headers"));
        cors.setInitParameter("exposedHeaders", listed(config, "expose_headers"));
        cors.setInitParameter("allowCredentials", config.get("allow_credentials").toString());
        cors.setInitParameter("preflightMaxAge", config.get("max_age").toString());
        cors.setInitParameter("chainPreflight", "false");

        ServletContextHandler context = new ServletContextHandler();
        context.addFilter(cors, "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(new Application()), "/*");
        Server server = new Server(new java.net.InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[1])));
        server.setHandler(context);
        server.start();
        server.join();
    }

    static String listed(Map<?, ?> config, String name) {
        StringBuilder all = new StringBuilder();
        for (Object each : (Object[]) config.get(name)) all.append(all.length() > 0 ? "," : "").append(each);
        return all.toString();
    }

    static void lacks(String what) {
        System.out.println("Jetty has no " + what);
        System.exit(64);
    }

    static class Application extends HttpServlet {
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String path = request.getRequestURI();
            response.setContentType("text/plain");
            if (path.equals("/options")) {
                response.setHeader("Allow", "GET, OPTIONS");
                response.getWriter().write("own");
            } else if (request.getMethod().equals("OPTIONS")) {
                response.setHeader("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE");
                response.setStatus(405);
            } else if (path.equals("/error")) {
                response.sendError(500);
            } else {
                response.getWriter().write("hello");
            }
        }
    }
}
