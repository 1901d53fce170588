package org.macekv.examples.atlas;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.macekv.collections.PersistentNavigableMap;
import org.macekv.collections.PersistentSet;
import org.macekv.collections.PersistentStore;
import org.macekv.examples.CommandFailure;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/**
 * The atlas of one JDK: the collections of one store. Thread-safe.
 *
 * <p>Relations are sets of {@link CompositeKey}s, so that "who calls this" is a range of
 * neighbours. Methods and fields go by {@link MemberKey}.
 */
public final class Atlas implements AutoCloseable {
  private static final String RUNTIME = "runtime";

  private final PersistentStore store;
  private final PersistentNavigableMap<String, String> about;
  private final PersistentNavigableMap<String, ModuleRecord> modules;
  private final PersistentNavigableMap<String, ClassRecord> classes;
  private final PersistentNavigableMap<String, MethodRecord> methods;
  private final PersistentNavigableMap<String, FieldRecord> fields;
  private final PersistentSet<String> simpleNames;
  private final PersistentSet<String> packages;
  private final PersistentSet<String> memberNames;
  private final PersistentSet<String> subtypes;
  private final PersistentSet<String> callers;
  private final PersistentSet<String> accessors;
  private final PersistentSet<String> referrers;

  private Atlas(PersistentStore store) {
    this.store = store;
    about = store.navigableMap("about", String.class, String.class);
    modules = store.navigableMap("modules", String.class, ModuleRecord.class);
    classes = store.navigableMap("classes", String.class, ClassRecord.class);
    methods = store.navigableMap("methods", String.class, MethodRecord.class);
    fields = store.navigableMap("fields", String.class, FieldRecord.class);
    simpleNames = store.set("simple-names", String.class);
    packages = store.set("packages", String.class);
    memberNames = store.set("member-names", String.class);
    subtypes = store.set("subtypes", String.class);
    callers = store.set("callers", String.class);
    accessors = store.set("accessors", String.class);
    referrers = store.set("referrers", String.class);
  }

  /** Opens the atlas in {@code directory}; creates it if there is none. */
  static Atlas openOrCreate(Path directory) {
    return open(directory, true);
  }

  /**
   * Opens the atlas in {@code directory} for queries.
   *
   * @throws CommandFailure if there is none
   */
  static Atlas openExisting(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw noAtlasIn(directory);
    }
    Atlas atlas = open(directory, false);
    if (atlas.about.isEmpty()) {
      atlas.close();
      throw noAtlasIn(directory);
    }
    return atlas;
  }

  private static CommandFailure noAtlasIn(Path directory) {
    return new CommandFailure("there is no atlas in " + directory + "; build it first");
  }

  /**
   * Commits are buffered: a build that is killed loses the work of its last tenth of a second or
   * so, class by class, and the next build does it again. {@link #sync} at the end of a build puts
   * all of it on the device.
   */
  private static Atlas open(Path directory, boolean create) {
    MaceOptions options =
        MaceOptions.defaults().withDurability(Durability.BUFFERED).withCreateIfMissing(create);
    PersistentStore store =
        PersistentStore.builder(directory).options(options).register(FactCounts.class).open();
    try {
      return new Atlas(store);
    } catch (RuntimeException | Error failure) {
      store.close();
      throw failure;
    }
  }

  /**
   * Notes which JDK this is the atlas of.
   *
   * @throws CommandFailure if it is that of another
   */
  void bindTo(String runtime) {
    String bound = about.putIfAbsent(RUNTIME, runtime);
    if (bound != null && !bound.equals(runtime)) {
      throw new CommandFailure(
          "this is the atlas of " + bound + ", not of " + runtime + "; choose another --store");
    }
  }

  /** Adds all facts of a class in one transaction. */
  void add(ClassFacts facts) {
    store.transact(() -> addAll(facts));
  }

  /** Blind writes: the class is not there yet, so there is nothing to read. */
  private void addAll(ClassFacts facts) {
    ClassRecord type = facts.record();
    String name = type.name();
    classes.set(name, type);
    simpleNames.set(CompositeKey.of(type.simpleName(), name));
    packages.set(CompositeKey.of(type.packageName(), name));
    for (String supertype : ClassFileReader.supertypes(type.superclass(), type.interfaces())) {
      subtypes.set(CompositeKey.of(supertype, name));
    }
    facts.methods().forEach(methods::set);
    facts.methods().forEach((key, it) -> memberNames.set(CompositeKey.of(it.name(), key)));
    facts.fields().forEach(fields::set);
    facts.fields().forEach((key, it) -> memberNames.set(CompositeKey.of(it.name(), key)));
    facts.calls().forEach(callers::set);
    facts.accesses().forEach(accessors::set);
    facts.references().forEach(referrers::set);
  }

  /** Notes that all classes of a module are there. */
  void complete(ModuleRecord module) {
    modules.set(module.name(), module);
  }

  /** Returns when everything added before is on the device. */
  void sync() {
    store.sync();
  }

  /** Complete modules by name. */
  PersistentNavigableMap<String, ModuleRecord> modules() {
    return modules;
  }

  /** Classes by binary name. */
  PersistentNavigableMap<String, ClassRecord> classes() {
    return classes;
  }

  /** Methods by class, name and descriptor. */
  PersistentNavigableMap<String, MethodRecord> methods() {
    return methods;
  }

  /** Fields by class, name and descriptor. */
  PersistentNavigableMap<String, FieldRecord> fields() {
    return fields;
  }

  /** Simple name, binary name. */
  PersistentSet<String> simpleNames() {
    return simpleNames;
  }

  /** Package, binary name. */
  PersistentSet<String> packages() {
    return packages;
  }

  /** Name of a method or field, its member key. */
  PersistentSet<String> memberNames() {
    return memberNames;
  }

  /** Supertype, type that extends or implements it directly. */
  PersistentSet<String> subtypes() {
    return subtypes;
  }

  /** Method called, method that calls it. */
  PersistentSet<String> callers() {
    return callers;
  }

  /** Field, method that reads or writes it. */
  PersistentSet<String> accessors() {
    return accessors;
  }

  /** Type, class that names it. */
  PersistentSet<String> referrers() {
    return referrers;
  }

  /** All collections by name, to look at the whole. */
  Map<String, Iterable<?>> collections() {
    Map<String, Iterable<?>> all = new LinkedHashMap<>();
    all.put("about", about.entrySet());
    all.put("modules", modules.entrySet());
    all.put("classes", classes.entrySet());
    all.put("methods", methods.entrySet());
    all.put("fields", fields.entrySet());
    all.put("simple-names", simpleNames);
    all.put("packages", packages);
    all.put("member-names", memberNames);
    all.put("subtypes", subtypes);
    all.put("callers", callers);
    all.put("accessors", accessors);
    all.put("referrers", referrers);
    return all;
  }

  @Override
  public void close() {
    store.close();
  }
}
