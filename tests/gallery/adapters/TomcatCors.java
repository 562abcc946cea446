// The CorsFilter of Tomcat, before every servlet of an embedded Tomcat.
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.filters.CorsFilter;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.util.json.JSONParser;

public class TomcatCors {
    public static void main(String[] arguments) throws Exception {
        java.util.logging.LogManager.getLogManager().reset();
        var path = java.nio.file.Path.of(arguments[0]);
        Map<String, Object> config = new JSONParser(java.nio.file.Files.readString(path)).parseObject();
        if (config.get("allow_origin_regex") != null) lacks("pattern for origins");
        if (config.get("allow_private_network").equals(true)) lacks("option for private network access");
        if (listed(config, "allow_headers").equals("*")) lacks("way to allow every request header");
        if (listed(config, "allow_origins").equals("*") && config.get("allow_credentials").equals(true))
            lacks("way to allow any origin with credentials: it refuses to start");

        FilterDef cors = new FilterDef();
        cors.setFilterName("cors");
        cors.setFilter(new CorsFilter());
        cors.addInitParameter("cors.allowed.origins", listed(config, "allow_origins"));
        String methods = listed(config, "allow_methods");
        cors.addInitParameter(
                "cors.allowed.methods", methods.equals("*") ? "GET,HEAD,POST,PUT,PATCH,DELETE" : methods);
        cors.addInitParameter("cors.allowed.headers", listed(config, "allow_headers"));
        cors.addInitParameter("cors.exposed.headers", listed(config, "expose_headers"));
        cors.addInitParameter("cors.support.credentials", config.get("allow_credentials").toString());
        cors.addInitParameter("cors.preflight.maxage", config.get("max_age").toString());
        FilterMap everywhere = new FilterMap();
        everywhere.setFilterName("cors");
        everywhere.addURLPattern("/*");

        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(path.getParent().toString());
        tomcat.setPort(Integer.parseInt(arguments[1]));
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        Context context = tomcat.addContext("", path.getParent().toString());
        context.addFilterDef(cors);
        context.addFilterMap(everywhere);
        Tomcat.addServlet(context, "application", new Application());
        context.addServletMappingDecoded("/*", "application");
        tomcat.start();
        tomcat.getServer().await();
    }

    static String listed(Map<String, Object> config, String name) {
        return String.join(",", ((java.util.List<?>) config.get(name)).stream().map(Object::toString).toList());
    }

    static void lacks(String what) {
        System.out.println("Tomcat has no " + what);
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
