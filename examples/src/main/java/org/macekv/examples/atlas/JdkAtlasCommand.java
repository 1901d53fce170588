package org.macekv.examples.atlas;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.macekv.examples.CommandFailure;
import org.macekv.examples.StoreFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** Builds an atlas of the running JDK, and asks it. */
@Command(
    name = "jdk-atlas",
    description = "Reads every class of the running JDK into a store, and answers questions of it.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT)
public final class JdkAtlasCommand {
  private static final String DEMO_MEMBER = "java.lang.String.intern";
  private static final int DEMO_LINES = 10;

  private final PrintStream out;

  @Option(
      names = "--store",
      paramLabel = "DIR",
      defaultValue = "atlas-store",
      description = "Where the atlas is (default: ${DEFAULT-VALUE}).",
      scope = ScopeType.INHERIT)
  private Path directory = Path.of("atlas-store");

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many threads build or verify (default: one per processor).",
      scope = ScopeType.INHERIT)
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "How many lines of an answer are shown, 0 for all (default: ${DEFAULT-VALUE}).",
      scope = ScopeType.INHERIT)
  private int limit = 100;

  /** Creates the command; its output goes to {@code out}. */
  public JdkAtlasCommand(PrintStream out) {
    this.out = out;
  }

  @Command(description = "Builds the atlas, or goes on where a build that was killed left off.")
  void build(
      @Option(
              names = "--modules",
              paramLabel = "NAME",
              split = ",",
              description = "These modules only, such as java.base,java.xml.")
          List<String> modules) {
    try (Atlas atlas = Atlas.openOrCreate(directory)) {
      build(atlas, modules);
    }
  }

  @Command(description = "Builds the atlas of all modules, and asks it who calls String.intern.")
  void demo() {
    try (Atlas atlas = Atlas.openOrCreate(directory)) {
      build(atlas, List.of());
      out.println();
      out.println("Who calls " + DEMO_MEMBER + "?");
      print(new AtlasQueries(atlas).callers(DEMO_MEMBER), DEMO_LINES);
    }
  }

  @Command(description = "Compares the atlas with the class files that it was made of.")
  void verify() {
    try (Atlas atlas = Atlas.openExisting(directory)) {
      RuntimeImage image = new RuntimeImage();
      atlas.bindTo(image.version());
      Progress progress = progress(0, atlas.classes().size());
      List<String> differences =
          AtlasVerification.differences(
              atlas, image, CommandFailure.requireAtLeast(1, "--threads", threads), progress);
      if (!differences.isEmpty()) {
        throw new CommandFailure("the atlas is wrong: " + String.join("\n", differences));
      }
      out.println(AtlasSummary.of(atlas));
      out.println("All of it agrees with the class files.");
    }
  }

  @Command(description = "Classes whose binary name starts so; without a dot, whose simple name.")
  void prefix(@Parameters(paramLabel = "PREFIX") String prefix) {
    answer(atlas -> atlas.classesStartingWith(prefix));
  }

  @Command(name = "package", description = "The classes of a package.")
  void classesOfPackage(@Parameters(paramLabel = "NAME") String name) {
    answer(atlas -> atlas.classesOfPackage(name));
  }

  @Command(description = "Methods and fields of exactly this name, in all classes.")
  void named(@Parameters(paramLabel = "NAME") String name) {
    answer(atlas -> atlas.membersNamed(name));
  }

  @Command(description = "The fields and methods of a class.")
  void members(@Parameters(paramLabel = "CLASS") String className) {
    answer(atlas -> atlas.members(className));
  }

  @Command(
      aliases = "subtypes",
      description = "The types that extend or implement a class or interface.")
  void subclasses(
      @Parameters(paramLabel = "CLASS") String className,
      @Option(names = "--all", description = "Those that do so indirectly, too.") boolean all) {
    answer(atlas -> atlas.subtypes(className, all));
  }

  @Command(description = "The methods that call a method, or that read or write a field.")
  void callers(@Parameters(paramLabel = "MEMBER") String member) {
    answer(atlas -> atlas.callers(member));
  }

  @Command(description = "The classes that name a class in their constant pool.")
  void references(@Parameters(paramLabel = "CLASS") String className) {
    answer(atlas -> atlas.referrers(className));
  }

  private void build(Atlas atlas, List<String> modules) {
    long start = System.nanoTime();
    RuntimeImage image = new RuntimeImage();
    boolean all = modules == null || modules.isEmpty();
    AtlasBuild build = AtlasBuild.plan(atlas, image, all ? image.moduleNames() : modules);
    if (build.found() > 0) {
      out.printf(Locale.ROOT, "%,d classes are there already.%n", build.found());
    }
    build.run(
        CommandFailure.requireAtLeast(1, "--threads", threads),
        progress(build.found(), build.found() + build.missing()));
    double seconds = (System.nanoTime() - start) / 1e9;
    out.println(AtlasSummary.of(atlas));
    out.printf(
        Locale.ROOT,
        "%,d classes added in %.1f s with %d threads; the store in %s takes %,.1f MiB on disk.%n",
        build.missing(),
        seconds,
        threads,
        directory,
        StoreFiles.totalBytes(directory) / (double) (1 << 20));
  }

  private Progress progress(int done, int total) {
    return new Progress(out, Ansi.AUTO.enabled(), "classes", done, total);
  }

  private void answer(Function<AtlasQueries, Stream<String>> query) {
    try (Atlas atlas = Atlas.openExisting(directory)) {
      int count = print(query.apply(new AtlasQueries(atlas)), limit);
      if (count == 0) {
        throw new CommandFailure("the atlas in " + directory + " has none");
      }
    }
  }

  /** Prints the first lines and how many there are; returns that. */
  private int print(Stream<String> lines, int shown) {
    int count = 0;
    for (Iterator<String> line = lines.iterator(); line.hasNext(); count++) {
      String next = line.next();
      if (shown <= 0 || count < shown) {
        out.println(next);
      }
    }
    if (shown > 0 && count > shown) {
      out.printf(Locale.ROOT, "... and %,d more%n", count - shown);
    }
    return count;
  }
}
