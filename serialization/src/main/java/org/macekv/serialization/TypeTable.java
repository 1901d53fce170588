package org.macekv.serialization;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
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
      Stream.of(ScalarTypes.all(), CollectionTypes.all(), EnumCollectionTypes.all())
          .flatMap(List::stream)
          .toList();

  private final ClassCatalog catalog;
  private final Map<Class<?>, StoredType> byClass = new HashMap<>();
  private final Map<String, StoredType> byName = new HashMap<>();

  /** Classes that arrays may be made of, by their names; more than have instances. */
  private final Map<String, Class<?>> componentTypes = new HashMap<>();

  private final Map<String, Integer> ids = new ConcurrentHashMap<>();

  TypeTable(ClassCatalog catalog, Collection<Class<?>> registered) {
    this.catalog = catalog;
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
    registered.forEach(type -> register(type, seen));
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
   * @throws ValueException if it is a class that is not allowed, or whose fields have changed
   */
  StoredType byId(int id) {
    String name = nameOf(id);
    StoredType known = byName.get(name);
    return known != null ? known : arrayByName(name);
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
    Class<?> type = brackets < 0 ? null : componentTypes.get(name.substring(0, brackets));
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
    componentTypes.put(type.getName(), type);
    if (type.isSealed()) {
      for (Class<?> permitted : type.getPermittedSubclasses()) {
        register(permitted, seen);
      }
    }
    boolean hasInstances = !Modifier.isAbstract(type.getModifiers()) || type.isEnum();
    if (hasInstances && !type.isPrimitive() && type != Object.class) {
      add(storedType(type));
    }
  }

  private void add(StoredType type) {
    byClass.put(type.type(), type);
    byName.putIfAbsent(type.name(), type);
    componentTypes.put(type.type().getName(), type.type());
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // the kinds are told apart as the program runs
  private static StoredType storedType(Class<?> type) {
    requireStorable(type);
    try {
      if (type.isEnum()) {
        return EnumSerializer.typeOf((Class) type);
      } else if (type.isRecord()) {
        RecordSerializer serializer = new RecordSerializer(type);
        return new StoredType(named("record", type, serializer.fields()), type, true, serializer);
      }
      ObjectSerializer serializer = new ObjectSerializer(type);
      return new StoredType(named("class", type, serializer.fields()), type, true, serializer);
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
    if (type.isHidden() || type.isAnonymousClass() || type.isAnnotation()) {
      throw new IllegalArgumentException(
          type.getName() + " has no name of its own and can't be stored; make it a named class");
    }
    if (type.getClassLoader() == null || type.getName().startsWith("java.")) {
      throw new IllegalArgumentException(
          type.getName()
              + " is a class of the JDK that has no stored form here; convert it to one that has,"
              + " or give a Serializer of your own");
    }
  }

  /** Kind, class and fields: the name of one form of a class. */
  private static String named(String kind, Class<?> type, List<StoredField> fields) {
    return fields.stream()
        .map(StoredField::description)
        .collect(Collectors.joining(", ", kind + " " + type.getName() + "(", ")"));
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
  private String unknown(String name) {
    StoredType current = sameClass(name);
    if (current != null) {
      return "the value was stored by another form of the class. Stored: "
          + name
          + ". Now: "
          + current.name()
          + ". Bring the fields back, or read the value with the old class and store it again";
    }
    return "the value has an object of "
        + name
        + ", which is not registered. Allow the class with KryoSerialization.Builder.register";
  }

  private @Nullable StoredType sameClass(String name) {
    String className = className(name);
    for (StoredType type : new ArrayList<>(byClass.values())) {
      if (className(type.name()).equals(className)) {
        return type;
      }
    }
    return null;
  }

  private static String className(String name) {
    int fields = name.indexOf('(');
    return name.substring(name.indexOf(' ') + 1, fields < 0 ? name.length() : fields);
  }
}
