package org.macekv.examples.atlas;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.macekv.examples.CommandFailure;

/**
 * The questions that an atlas answers, each by one range of neighbouring keys. Names are accepted
 * as people write them: {@code ArrayList} or {@code java.util.ArrayList}, {@code String.intern} or
 * {@code java.lang.String#intern}. Answers are streams of lines. Thread-safe.
 */
final class AtlasQueries {
  private static final int MOST_CANDIDATES = 10;

  private final Atlas atlas;

  AtlasQueries(Atlas atlas) {
    this.atlas = atlas;
  }

  /** Classes whose binary name, or without a dot in it whose simple name, starts so. */
  Stream<String> classesStartingWith(String prefix) {
    if (prefix.indexOf('.') >= 0) {
      return CompositeKey.startingWith(atlas.classes(), prefix).values().stream()
          .map(ClassRecord::declaration);
    }
    return CompositeKey.startingWith(atlas.simpleNames(), prefix).stream()
        .map(key -> existingClass(CompositeKey.second(key)).declaration());
  }

  /** The classes of a package, without those of packages below it. */
  Stream<String> classesOfPackage(String name) {
    return CompositeKey.withFirst(atlas.packages(), name).stream()
        .map(key -> existingClass(CompositeKey.second(key)).declaration());
  }

  /** Methods and fields of exactly this name in all classes. */
  Stream<String> membersNamed(String name) {
    return CompositeKey.withFirst(atlas.memberNames(), name).stream()
        .map(key -> MemberKey.describe(CompositeKey.second(key)));
  }

  /** The declaration of a class, then its fields and methods. */
  Stream<String> members(String className) {
    ClassRecord type = findClass(className);
    String prefix = MemberKey.prefixOfMembers(type.name());
    Stream<String> fields =
        CompositeKey.startingWith(atlas.fields(), prefix).values().stream()
            .map(FieldRecord::declaration);
    Stream<String> methods =
        CompositeKey.startingWith(atlas.methods(), prefix).values().stream()
            .map(MethodRecord::declaration);
    return Stream.concat(
        Stream.of(type.declaration()), Stream.concat(fields, methods).map(line -> "  " + line));
  }

  /** The types that extend or implement a type, each below its own supertype. */
  Stream<String> subtypes(String className, boolean transitive) {
    return subtypes(findClass(className).name(), transitive, "");
  }

  private Stream<String> subtypes(String className, boolean transitive, String indent) {
    return CompositeKey.withFirst(atlas.subtypes(), className).stream()
        .map(CompositeKey::second)
        .flatMap(
            subtype ->
                Stream.concat(
                    Stream.of(indent + existingClass(subtype).declaration()),
                    transitive ? subtypes(subtype, true, indent + "  ") : Stream.empty()));
  }

  /** The classes that name a class in their constant pool. */
  Stream<String> referrers(String className) {
    return CompositeKey.withFirst(atlas.referrers(), findClass(className).name()).stream()
        .map(CompositeKey::second);
  }

  /**
   * The methods that call a method, or that read or write a field. As in the class files: a call
   * counts for the class that it names, which may be a subtype of the one that declares the method.
   *
   * @param text a {@link MemberName}
   * @throws CommandFailure if there is no such member, declared or called
   */
  Stream<String> callers(String text) {
    MemberName member = MemberName.parse(text);
    String className = findClass(member.className()).name();
    String methods = MemberKey.prefixOfMethods(className, member.name());
    String fields = MemberKey.prefixOfFields(className, member.name());
    List<String> uses =
        Stream.concat(
                CompositeKey.startingWith(atlas.callers(), methods).stream(),
                CompositeKey.startingWith(atlas.accessors(), fields).stream())
            .filter(use -> member.includes(CompositeKey.first(use)))
            .toList();
    if (uses.isEmpty() && !declares(member, methods, fields)) {
      throw new CommandFailure(
          className
              + " has no member "
              + member.name()
              + member.parameters()
              + "; see: jdk-atlas members "
              + className);
    }
    return uses.stream().map(AtlasQueries::describeUse);
  }

  private boolean declares(MemberName member, String methods, String fields) {
    return Stream.concat(
            CompositeKey.startingWith(atlas.methods(), methods).keySet().stream(),
            CompositeKey.startingWith(atlas.fields(), fields).keySet().stream())
        .anyMatch(member::includes);
  }

  private static String describeUse(String key) {
    return MemberKey.describe(CompositeKey.second(key))
        + "  ->  "
        + MemberKey.describe(CompositeKey.first(key));
  }

  /** The class of that binary name, or the only one of that simple name. */
  private ClassRecord findClass(String name) {
    ClassRecord exact = atlas.classes().get(name);
    if (exact != null) {
      return exact;
    }
    List<String> candidates = preferred(classesOfSimpleName(name));
    if (candidates.size() == 1) {
      return existingClass(candidates.get(0));
    }
    throw new CommandFailure(candidates.isEmpty() ? unknown(name) : ambiguous(name, candidates));
  }

  private List<String> classesOfSimpleName(String name) {
    return CompositeKey.withFirst(atlas.simpleNames(), name).stream()
        .map(CompositeKey::second)
        .toList();
  }

  /** Who says Thread means java.lang.Thread, whatever else in the JDK is called so. */
  private static List<String> preferred(List<String> candidates) {
    List<String> standard = candidates.stream().filter(it -> it.startsWith("java.")).toList();
    return standard.size() == 1 ? standard : candidates;
  }

  private String unknown(String name) {
    List<String> similar = classesOfSimpleName(name.substring(name.lastIndexOf('.') + 1));
    return "the atlas has no class "
        + name
        + (similar.isEmpty() ? "" : "; did you mean " + listed(similar) + "?");
  }

  private static String ambiguous(String name, List<String> candidates) {
    return "there are several classes " + name + ", choose one: " + listed(candidates);
  }

  private static String listed(List<String> names) {
    int more = names.size() - MOST_CANDIDATES;
    return String.join(", ", names.subList(0, Math.min(MOST_CANDIDATES, names.size())))
        + (more > 0 ? " and " + more + " more" : "");
  }

  /** A class that another fact of the atlas names: it is there, as both are of one transaction. */
  private ClassRecord existingClass(String name) {
    @Nullable ClassRecord type = atlas.classes().get(name);
    if (type == null) {
      throw new IllegalStateException("the indexes name " + name + ", which is not in the atlas");
    }
    return type;
  }
}
