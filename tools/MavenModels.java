import java.io.File;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Model;
import org.apache.maven.model.Parent;
import org.apache.maven.model.Repository;
import org.apache.maven.model.building.DefaultModelBuilderFactory;
import org.apache.maven.model.building.DefaultModelBuildingRequest;
import org.apache.maven.model.building.FileModelSource;
import org.apache.maven.model.building.ModelBuildingRequest;
import org.apache.maven.model.building.ModelSource;
import org.apache.maven.model.io.xpp3.MavenXpp3Reader;
import org.apache.maven.model.resolution.ModelResolver;
import org.apache.maven.model.resolution.UnresolvableModelException;

/** Prints the effective dependencies of every pom below a folder, as Maven's own model builder makes them from these files alone. */
public class MavenModels {
    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]).toRealPath();
        List<Path> poms;
        try (Stream<Path> all = Files.walk(root)) {
            poms = all.filter(Files::isRegularFile)
                    .filter(path -> path.toString().endsWith("pom.xml") || path.toString().endsWith(".pom"))
                    .filter(path -> !Files.isSymbolicLink(path) || true)
                    .sorted().collect(Collectors.toList());
        }
        Map<String, File> byCoordinates = new HashMap<>();
        for (Path path : poms) {
            try (FileInputStream in = new FileInputStream(path.toFile())) {
                Model model = new MavenXpp3Reader().read(in, false);
                Parent parent = model.getParent();
                String group = model.getGroupId() == null && parent != null ? parent.getGroupId() : model.getGroupId();
                String version = model.getVersion() == null && parent != null ? parent.getVersion() : model.getVersion();
                byCoordinates.putIfAbsent(group + ":" + model.getArtifactId() + ":" + version, path.toFile());
            } catch (Exception error) {
                System.err.println(path + ": " + error.getMessage());
            }
        }
        for (Path path : poms) {
            String name = root.relativize(path).toString();
            try {
                DefaultModelBuildingRequest request = new DefaultModelBuildingRequest();
                request.setPomFile(path.toFile());
                request.setModelSource(new FileModelSource(path.toFile()));
                request.setValidationLevel(ModelBuildingRequest.VALIDATION_LEVEL_MINIMAL);
                request.setProcessPlugins(false);
                request.setSystemProperties(new Properties());
                request.setModelResolver(new Local(byCoordinates));
                Model model = new DefaultModelBuilderFactory().newInstance().build(request).getEffectiveModel();
                System.out.println("# " + name + "\t" + model.getVersion());
                for (Dependency it : model.getDependencies()) {
                    System.out.println(String.join("\t", it.getGroupId() + ":" + it.getArtifactId(),
                            String.valueOf(it.getVersion()), String.valueOf(it.getScope()), it.isOptional() ? "optional" : "",
                            it.getType(), it.getClassifier() == null ? "" : it.getClassifier()));
                }
            } catch (Exception error) {
                System.out.println("! " + name + "\t" + String.valueOf(error.getMessage()).split("\n")[0]);
            }
        }
    }

    /** Finds models among the files. */
    private static final class Local implements ModelResolver {
        private final Map<String, File> files;

        Local(Map<String, File> files) {
            this.files = files;
        }

        public ModelSource resolveModel(String group, String artifact, String version) throws UnresolvableModelException {
            File file = files.get(group + ":" + artifact + ":" + version);
            if (file == null) {
                throw new UnresolvableModelException("not here", group, artifact, version);
            }
            return new FileModelSource(file);
        }

        public ModelSource resolveModel(Parent parent) throws UnresolvableModelException {
            return resolveModel(parent.getGroupId(), parent.getArtifactId(), parent.getVersion());
        }

        public ModelSource resolveModel(Dependency it) throws UnresolvableModelException {
            return resolveModel(it.getGroupId(), it.getArtifactId(), it.getVersion());
        }

        public void addRepository(Repository repository) {}

        public void addRepository(Repository repository, boolean replace) {}

        public ModelResolver newCopy() {
            return new Local(files);
        }
    }
}
