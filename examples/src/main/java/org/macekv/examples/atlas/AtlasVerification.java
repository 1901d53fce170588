package org.macekv.examples.atlas;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.macekv.examples.ParallelWork;

/**
 * Compares an atlas with the class files that it was made of. Every fact read from them must be in
 * the atlas, and its collections must have as many elements as there are facts: so they are equal.
 * A build that is not finished is right, too, if it holds some classes as a whole.
 */
final class AtlasVerification {
  private static final int MOST_SHOWN = 10;

  private final Atlas atlas;
  private final List<String> differences = new ArrayList<>();
  private int differenceCount;

  private AtlasVerification(Atlas atlas) {
    this.atlas = atlas;
  }

  /** The differences, the first few of them word for word; empty if there are none. */
  static List<String> differences(Atlas atlas, RuntimeImage image, int threads, Progress progress) {
    AtlasVerification verification = new AtlasVerification(atlas);
    List<ClassRecord> classes = List.copyOf(atlas.classes().values());
    ParallelWork.run(
        threads,
        classes,
        type -> {
          verification.compare(type, image.classFile(type).read());
          progress.advance();
        });
    verification.compareSizes(classes);
    verification.compareModules(classes);
    return verification.result();
  }

  private void compare(ClassRecord stored, ClassFacts facts) {
    ClassRecord type = facts.record();
    String name = type.name();
    if (!stored.equals(type)) {
      report("class " + name + " is " + stored + ", expected " + type);
    }
    compareMap("methods", atlas.methods(), facts.methods());
    compareMap("fields", atlas.fields(), facts.fields());
    for (String supertype : ClassFileReader.supertypes(type.superclass(), type.interfaces())) {
      require("subtypes", atlas.subtypes(), CompositeKey.of(supertype, name));
    }
    require("simple-names", atlas.simpleNames(), CompositeKey.of(type.simpleName(), name));
    require("packages", atlas.packages(), CompositeKey.of(type.packageName(), name));
    facts.methods().forEach((key, it) -> requireMemberName(it.name(), key));
    facts.fields().forEach((key, it) -> requireMemberName(it.name(), key));
    facts.calls().forEach(call -> require("callers", atlas.callers(), call));
    facts.accesses().forEach(access -> require("accessors", atlas.accessors(), access));
    facts.references().forEach(named -> require("referrers", atlas.referrers(), named));
  }

  private <V> void compareMap(String name, Map<String, V> stored, Map<String, V> expected) {
    expected.forEach(
        (key, value) -> {
          V found = stored.get(key);
          if (!Objects.equals(found, value)) {
            report(name + " has " + found + " at " + key + ", expected " + value);
          }
        });
  }

  private void requireMemberName(String name, String key) {
    require("member-names", atlas.memberNames(), CompositeKey.of(name, key));
  }

  private void require(String name, Collection<String> stored, String expected) {
    if (!stored.contains(expected)) {
      report(name + " lacks " + expected.replace('\0', ' '));
    }
  }

  private void compareSizes(List<ClassRecord> classes) {
    FactCounts expected =
        classes.stream().map(ClassRecord::counts).reduce(FactCounts.ZERO, FactCounts::plus);
    int names = 2 * classes.size() + expected.methods() + expected.fields();
    AtlasSummary stored = AtlasSummary.of(atlas);
    AtlasSummary all = new AtlasSummary(stored.modules(), classes.size(), names, expected);
    if (!stored.equals(all)) {
      report("the collections hold\n" + stored + "\nbut the class files\n" + all);
    }
  }

  private void compareModules(List<ClassRecord> classes) {
    for (ModuleRecord module : atlas.modules().values()) {
      long found = classes.stream().filter(it -> it.module().equals(module.name())).count();
      if (found != module.classCount()) {
        report(module + " is marked complete, but has " + found + " classes");
      }
    }
  }

  private synchronized void report(String difference) {
    differenceCount++;
    if (differences.size() < MOST_SHOWN) {
      differences.add(difference);
    }
  }

  private synchronized List<String> result() {
    List<String> shown = new ArrayList<>(differences);
    if (differenceCount > shown.size()) {
      shown.add("and " + (differenceCount - shown.size()) + " more");
    }
    return shown;
  }
}
