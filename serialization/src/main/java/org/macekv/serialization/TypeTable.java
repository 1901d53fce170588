package org.macekv.serialization;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The types that may occur in the values of one collection, by class and by the name in the
 * catalog: those of the JDK that are always there, and what was registered. A class that is not in
 * here is never looked for, loaded or made, whatever the bytes say.
 *
 * <p>Immutable, but for what it remembers of the catalog; safe for many threads.
 */
final class TypeTable {
  private static final List<StoredType> JDK_TYPES =
      Stream.of(
              ScalarTypes.all(),
              TimeTypes.all(),
              ArrayTypes.all(),
              CollectionTypes.all(),
              EnumCollectionTypes.all())
          .flatMap(List::stream)
          .toList();

  private final ClassCatalog catalog;
  private final Evolution evolution;
  private final Map<Class<?>, StoredType> byClass = new HashMap<>();
  private final Map<String, StoredType> byName = new HashMap<>();

  /** Classes with stored fields, and enums, by all names that they have or had. */
  private final Map<String, StoredType> byClassName = new HashMap<>();

  /** How older forms of these are read, by the names of the forms. */
  private final Map<String, StoredType> older = new ConcurrentHashMap<>();

  /** Classes that arrays may be made of, by their names; more than have instances. */
  private final Map<String, Class<?>> componentTypes = new HashMap<>();

  private final Map<String, Integer> ids = new ConcurrentHashMap<>();

  TypeTable(ClassCatalog catalog, Evolution evolution, Collection<Class<?>> registered) {
    this.catalog = catalog;
    this.evolution = evolution;
    JDK_TYPES.forEach(this::add);
    for (Class<?> type :
        List.of(
            boolean.class,
            byte.class,
            short.class,
            char.class,
            int.class,
            long.class,
            float.class,
            double.class,
            Object.class,
            Number.class,
            Comparable.class,
            CharSequence.class,
            Collection.class,
            List.class,
            Set.class,
            Map.class)) {
      componentTypes.put(type.getName(), type);
    }
    Set<Class<?>> seen = new LinkedHashSet<>();
    registered.forEach(type -> register(standIn(type), seen));
  }

  /** The enums among the types. */
  List<Class<?>> enums() {
    return byClass.keySet().stream().filter(Class::isEnum).collect(Collectors.toList());
  }

  /**
   * How objects of this class are stored.
   *
   * @throws ValueException if the class is not allowed
   */
  StoredType byClass(Class<?> type) {
    StoredType known = byClass.get(type);
    if (known != null) {
      return known;
    }
    Class<?> standIn = standIn(type);
    if (standIn != type) {
      return byClass(standIn);
    }
    if (type.isArray() && componentTypes.containsKey(leaf(type).getName())) {
      return arrayType(type);
    }
    throw new ValueException(notRegistered(type));
  }

  /**
   * What this number of the catalog stands for.
   *
   * @throws ValueException if it is a class that is not allowed, or a form of one that can't be
   *     read
   */
  StoredType byId(int id) {
    String name = nameOf(id);
    StoredType known = byName.get(name);
    if (known == null) {
      known = older.get(name);
    }
    return known != null ? known : other(name);
  }

  private StoredType other(String name) {
    List<String[]> differences = new ArrayList<>();
    StoredType known = olderForm(name, differences);
    if (known == null) {
      return arrayByName(name);
    }
    if (!differences.isEmpty()) {
      throw new ValueException(table(name, known, differences));
    }
    older.put(name, known);
    return known;
  }

  /** How a form of one of our classes is read that is not that of today; null if it is none. */
  private @Nullable StoredType olderForm(String name, List<String[]> differences) {
    if (name.startsWith(EnumSerializer.NAME_PREFIX)) {
      StoredType now = byClassName.get(name.substring(EnumSerializer.NAME_PREFIX.length()));
      if (now != null && !now.type().isEnum()) {
        differences.add(new String[] {"", "an enum", "none", "no conversion"});
      }
      return now;
    }
    StoredForm form = StoredForm.parse(name);
    StoredType now = form == null ? null : byClassName.get(form.className());
    if (form == null || now == null) {
      return null;
    }
    if (!(now.serializer() instanceof EvolvedSerializer.Form to)) {
      differences.add(new String[] {"", "a " + form.kind(), "an enum", "no conversion"});
      return now;
    }
    return new StoredType(
        name,
        now.type(),
        true,
        EvolvedSerializer.of(form, to, evolution, this::isAssignable, differences));
  }

  private boolean isAssignable(String storedType, Class<?> type) {
    if (type.isPrimitive()) {
      return false;
    }
    int brackets = storedType.indexOf('[');
    Class<?> stored = known(brackets < 0 ? storedType : storedType.substring(0, brackets));
    for (int i = brackets; stored != null && i >= 0 && i < storedType.length(); i += 2) {
      stored = stored.arrayType();
    }
    // Of a type that is not known, too, all values are objects; each is looked at when it is read.
    return stored == null
        ? type == Object.class && !NumberConversion.isPrimitive(storedType)
        : type.isAssignableFrom(stored);
  }

  /** A class that this name stands for, also one of the JDK that no value is of. */
  private @Nullable Class<?> known(String name) {
    Class<?> type = componentType(name);
    if (type == null && name.startsWith("java.")) {
      try {
        return Class.forName(name, false, ClassLoader.getPlatformClassLoader());
      } catch (ClassNotFoundException e) {
        return null; // it was one of a later JDK
      }
    }
    return type;
  }

  /** A class that this name stands for, now. */
  private @Nullable Class<?> componentType(String name) {
    StoredType ours = byClassName.get(name);
    return ours != null ? ours.type() : componentTypes.get(name);
  }

  /**
   * How an object of a class is passed over that need not be known any more.
   *
   * @throws ValueException if its form is not known either
   */
  StoredType passedOver(int id) {
    String name = nameOf(id);
    if (name.startsWith(EnumSerializer.NAME_PREFIX)) {
      return StoredType.value(Object.class, (out, v) -> {}, ValueInput::readRequiredText);
    }
    if (name.indexOf('[') > 0 && name.indexOf('(') < 0) {
      return new StoredType(name, Object[].class, true, new ArraySerializer(Object.class));
    }
    StoredForm form = StoredForm.parse(name);
    if (form == null) {
      throw new ValueException(unknown(name));
    }
    return new StoredType(name, Object.class, true, new PassingSerializer(form));
  }

  /**
   * Ensures: every form of our classes that was ever stored can be read.
   *
   * @throws IncompatibleClassException if one can't
   */
  void requireReadable() {
    StringBuilder tables = new StringBuilder();
    for (String name : catalog.names()) {
      List<String[]> differences = new ArrayList<>();
      StoredType form = byName.containsKey(name) ? null : olderForm(name, differences);
      if (form != null && !differences.isEmpty()) {
        tables.append(table(name, form, differences)).append('\n');
      }
    }
    if (tables.length() > 0) {
      throw new IncompatibleClassException(tables.toString().strip());
    }
  }

  private static String table(String name, StoredType now, List<String[]> differences) {
    StringBuilder text = new StringBuilder();
    text.append("values may have been stored as ")
        .append(name)
        .append(", which ")
        .append(now.type().getName())
        .append(" can't be read from as it is now; declare what has become of it (Evolution):");
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"field", "stored", "now", ""});
    rows.addAll(differences);
    int[] widths = new int[4];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder("\n ");
      for (int i = 0; i < row.length; i++) {
        line.append(' ').append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 1));
      }
      text.append(line.toString().stripTrailing());
    }
    return text.toString();
  }

  /** The number of a type, given by the catalog when it is first asked for. */
  int idOf(StoredType type) {
    Integer known = ids.get(type.name());
    if (known != null) {
      return known;
    }
    int id;
    try {
      id = catalog.idOf(type.name());
    } catch (RuntimeException e) {
      throw new ValueException.CatalogFailure(e);
    }
    ids.put(type.name(), id);
    return id;
  }

  private String nameOf(int id) {
    try {
      return catalog.nameOf(id);
    } catch (SerializationException e) {
      throw new ValueException("malformed: " + e.getMessage());
    } catch (RuntimeException e) {
      throw new ValueException.CatalogFailure(e);
    }
  }

  /**
   * The class under which all classes of a family are stored; the class itself if there is none.
   */
  private static Class<?> standIn(Class<?> type) {
    if (Enum.class.isAssignableFrom(type) && type.getSuperclass() != Enum.class) {
      return type == Enum.class ? type : type.getSuperclass(); // a constant with a body
    }
    return EnumSet.class.isAssignableFrom(type)
        ? EnumSet.class
        : ZoneId.class.isAssignableFrom(type) ? ZoneId.class : type;
  }

  private static Class<?> leaf(Class<?> type) {
    Class<?> component = type;
    while (component.isArray()) {
      component = component.getComponentType();
    }
    return component;
  }

  private static StoredType arrayType(Class<?> type) {
    return new StoredType(
        type.getTypeName(), type, true, new ArraySerializer(type.getComponentType()));
  }

  private StoredType arrayByName(String name) {
    int brackets = name.indexOf('[');
    Class<?> type = brackets < 0 ? null : componentType(name.substring(0, brackets));
    if (type == null) {
      throw new ValueException(unknown(name));
    }
    for (int i = brackets; i < name.length(); i += 2) {
      type = type.arrayType();
    }
    return arrayType(type);
  }

  private void register(Class<?> type, Set<Class<?>> seen) {
    if (!seen.add(type) || byClass.containsKey(type)) {
      return;
    }
    if (type.isArray()) {
      register(leaf(type), seen);
      return;
    }
    evolution.namesOf(type).forEach(name -> componentTypes.put(name, type));
    if (type.isSealed() && !type.isEnum()) {
      for (Class<?> permitted : type.getPermittedSubclasses()) {
        register(permitted, seen);
      }
    }
    boolean hasInstances = !Modifier.isAbstract(type.getModifiers()) || type.isEnum();
    if (hasInstances && !type.isPrimitive() && type != Object.class) {
      StoredType stored = storedType(type);
      add(stored);
      evolution.namesOf(type).forEach(name -> byClassName.put(name, stored));
      if (!type.isEnum()) {
        StoredFields.of(type).forEach(field -> registerDeclared(field.genericType(), seen));
      }
    }
  }

  /** What is declared in a class that is allowed is, too, where it can be stored. */
  private void registerDeclared(Type declared, Set<Class<?>> seen) {
    if (declared instanceof Class<?> type) {
      Class<?> leaf = leaf(type);
      if (!leaf.isPrimitive() && whyNotStorable(leaf) == null && isOpen(leaf)) {
        register(leaf, seen);
      }
    } else if (declared instanceof ParameterizedType of) {
      registerDeclared(of.getRawType(), seen);
      for (Type argument : of.getActualTypeArguments()) {
        registerDeclared(argument, seen);
      }
    } else if (declared instanceof GenericArrayType of) {
      registerDeclared(of.getGenericComponentType(), seen);
    } else if (declared instanceof WildcardType of) {
      for (Type bound : of.getUpperBounds()) {
        registerDeclared(bound, seen);
      }
    }
  }

  /** Whether the fields of a class can be read by this module. */
  private static boolean isOpen(Class<?> type) {
    return type.getModule().isOpen(type.getPackageName(), TypeTable.class.getModule());
  }

  private void add(StoredType type) {
    byClass.put(type.type(), type);
    byName.putIfAbsent(type.name(), type);
    componentTypes.put(type.type().getName(), type.type());
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // the kinds are told apart as the program runs
  private StoredType storedType(Class<?> type) {
    requireStorable(type);
    try {
      if (type.isEnum()) {
        return EnumSerializer.typeOf((Class) type, evolution);
      } else if (type.isRecord()) {
        RecordSerializer serializer = new RecordSerializer(type);
        return new StoredType(
            named(StoredForm.RECORD, type, serializer.fields()), type, true, serializer);
      }
      ObjectSerializer serializer = new ObjectSerializer(type);
      return new StoredType(
          named(StoredForm.CLASS, type, serializer.fields()), type, true, serializer);
    } catch (InaccessibleObjectException e) {
      throw new IllegalArgumentException(
          type.getName()
              + " can't be stored field by field: "
              + e.getMessage()
              + ". Open its package to this module, or give a Serializer of your own",
          e);
    }
  }

  private static void requireStorable(Class<?> type) {
    String why = whyNotStorable(type);
    if (why != null) {
      throw new IllegalArgumentException(type.getName() + why);
    }
  }

  private static @Nullable String whyNotStorable(Class<?> type) {
    if (type.isHidden() || type.isAnonymousClass() || type.isAnnotation()) {
      return " has no name of its own and can't be stored; make it a named class";
    }
    if (type.getClassLoader() == null || type.getName().startsWith("java.")) {
      return " is a class of the JDK that has no stored form here; convert it to one that has,"
          + " or give a Serializer of your own";
    }
    return null;
  }

  private static String named(String kind, Class<?> type, List<StoredFields.Field> fields) {
    return StoredForm.of(kind, type, fields).name();
  }

  private static String notRegistered(Class<?> type) {
    String name = type.getTypeName();
    if (type.isHidden() || type.isSynthetic()) {
      return name + " is a lambda or another class without a name, and can't be stored";
    }
    return "the class "
        + name
        + " is not registered. Allow it with KryoSerialization.Builder.register("
        + name
        + ".class)";
  }

  /** Why a name that the catalog has is none of ours. */
  private static String unknown(String name) {
    return "the value has an object of "
        + name
        + ", which is not registered. Allow the class with KryoSerialization.Builder.register; if it"
        + " has another name now, declare that (Evolution.Builder.renamedClass)";
  }
}
