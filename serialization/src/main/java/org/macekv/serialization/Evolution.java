package org.macekv.serialization;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How classes have changed since values of them were stored, said in one place. Most changes need
 * nothing of it: fields are matched by their names, whatever their order; a new one has its default
 * (what the constructor without parameters gives it, else zero, false or null); one that is gone is
 * skipped; a number of a type that fits into the new one is converted ({@code int} to {@code long},
 * {@code float} to {@code double}, and so on, boxed or not); a field whose type is now a supertype
 * keeps its value; a class may have become a record and a record a class. Enum constants are
 * matched by their names. Here is declared what names don't tell:
 *
 * <pre>{@code
 * Evolution.builder()
 *     .renamedClass("shop.Customer", Client.class)
 *     .renamedField(Client.class, "mail", "email")
 *     .added(Client.class, "active", true)
 *     .renamedConstant(Status.class, "NEW", Status.OPEN)
 *     .migration(Price.class, old -> new Price((long) (100 * (double) old.get("amount"))))
 *     .build();
 * }</pre>
 *
 * <p>What is neither is refused when a collection is opened ({@link IncompatibleClassException}).
 * Old values are read so each time, and written anew only in the form of today; so what is declared
 * here has to stay until all of them are. Immutable.
 */
public final class Evolution {
  private static final Evolution NONE = builder().build();
  private static final Set<String> UNCHANGING_PACKAGES =
      Set.of("java.lang", "java.math", "java.time");

  private final Map<String, Class<?>> classes;
  private final Map<Class<?>, Map<String, String>> fields;
  private final Map<Class<?>, Map<String, Supplier<?>>> added;
  private final Map<Class<?>, Map<String, Enum<?>>> constants;
  private final Map<Class<?>, Function<StoredObject, ?>> migrations;

  private Evolution(Builder builder) {
    this.classes = Map.copyOf(builder.classes);
    this.fields = deepCopy(builder.fields);
    this.added = deepCopy(builder.added);
    this.constants = deepCopy(builder.constants);
    this.migrations = Map.copyOf(builder.migrations);
  }

  private static <V> Map<Class<?>, Map<String, V>> deepCopy(Map<Class<?>, Map<String, V>> map) {
    return map.entrySet().stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> Map.copyOf(e.getValue())));
  }

  /** Nothing is declared. */
  public static Evolution none() {
    return NONE;
  }

  /** A builder with nothing declared. */
  public static Builder builder() {
    return new Builder();
  }

  /** The class that has this name no more, or null. */
  @Nullable Class<?> renamed(String oldName) {
    return classes.get(oldName);
  }

  /**
   * The identity that a key codec ({@link KeyCodec#id()}) has today of which {@code storedId} was
   * stored: with the names of today in the place of those that classes of enums had.
   */
  public String keyCodecIdOfToday(String storedId) {
    String id = storedId;
    for (Map.Entry<String, Class<?>> each : classes.entrySet()) {
      id = id.replace("(" + each.getKey() + ")", "(" + each.getValue().getName() + ")");
    }
    return id;
  }

  /** All names that a class has or had. */
  Stream<String> namesOf(Class<?> type) {
    return Stream.concat(
        Stream.of(type.getName()),
        classes.entrySet().stream().filter(e -> e.getValue() == type).map(Map.Entry::getKey));
  }

  /** What a stored field of a class is called now. */
  String fieldNow(Class<?> type, String stored) {
    return fields.getOrDefault(type, Map.of()).getOrDefault(stored, stored);
  }

  /** Whether a field is renamed, by its name then or now, with or without a class before it. */
  boolean isDeclared(Class<?> type, String name) {
    return fields.getOrDefault(type, Map.of()).entrySet().stream()
        .flatMap(entry -> Stream.of(entry.getKey(), entry.getValue()))
        .anyMatch(each -> each.equals(name) || each.endsWith("." + name));
  }

  /** Gives the declared value of a field that was added; null if there is none. */
  @Nullable Supplier<?> added(Class<?> type, String field) {
    return added.getOrDefault(type, Map.of()).get(field);
  }

  /** What makes objects of a class out of all its older forms, or null. */
  @Nullable Function<StoredObject, ?> migration(Class<?> type) {
    return migrations.get(type);
  }

  /** The constants of an enum by the names that they have and had. */
  <E extends Enum<E>> Map<String, E> constants(Class<E> type) {
    Map<String, E> all = new HashMap<>();
    constants
        .getOrDefault(type, Map.of())
        .forEach((oldName, constant) -> all.put(oldName, type.cast(constant)));
    all.putAll(EnumConstants.byName(type));
    return Map.copyOf(all);
  }

  /** Collects what is declared. Not thread-safe. */
  public static final class Builder {
    private final Map<String, Class<?>> classes = new HashMap<>();
    private final Map<Class<?>, Map<String, String>> fields = new HashMap<>();
    private final Map<Class<?>, Map<String, Supplier<?>>> added = new HashMap<>();
    private final Map<Class<?>, Map<String, Enum<?>>> constants = new HashMap<>();
    private final Map<Class<?>, Function<StoredObject, ?>> migrations = new HashMap<>();

    private Builder() {}

    /**
     * The class was called {@code oldName} once: its binary name, as {@link Class#getName} gives
     * it. It counts as registered where the class does. Of an enum this goes for keys, too.
     */
    public Builder renamedClass(String oldName, Class<?> type) {
      putNew(classes, oldName, type, "the class name " + oldName);
      return this;
    }

    /**
     * A field of a class, or component of a record, had another name once.
     *
     * @throws IllegalArgumentException if the class has no field of the new name
     */
    public Builder renamedField(Class<?> type, String oldName, String newName) {
      requireField(type, newName);
      putNew(of(fields, type), oldName, newName, type.getName() + "." + oldName);
      return this;
    }

    /**
     * The value that a field has in objects which were stored when it was not there.
     *
     * @param value of a type that never changes: a box, a string, an enum's constant, or of {@code
     *     java.time} or {@code java.math}; for others see {@link #added(Class, String, Supplier)}
     * @throws IllegalArgumentException if the class has no such field, or one of another type, or
     *     the value may change
     */
    public Builder added(Class<?> type, String field, Object value) {
      String of = value.getClass().getPackageName();
      if (!(value instanceof Enum<?>)
          && !(value instanceof UUID)
          && !UNCHANGING_PACKAGES.contains(of)) {
        throw new IllegalArgumentException(
            type.getName()
                + "."
                + field
                + ": a "
                + value.getClass().getName()
                + " may change, and each object needs one of its own: give a Supplier");
      }
      Class<?> wanted = requireField(type, field);
      if (!FieldKind.box(wanted).isInstance(value)) {
        throw new IllegalArgumentException(
            type.getName()
                + "."
                + field
                + " is a "
                + wanted.getName()
                + " and can't be "
                + value.getClass().getName());
      }
      putNew(of(added, type), field, () -> value, type.getName() + "." + field);
      return this;
    }

    /**
     * The same, with a value for each object: one of its own, if it may change.
     *
     * @param values is called for each, by many threads, and never gives null
     * @throws IllegalArgumentException if the class has no such field
     */
    public Builder added(Class<?> type, String field, Supplier<?> values) {
      requireField(type, field);
      putNew(
          of(added, type),
          field,
          Objects.requireNonNull(values, "values"),
          type.getName() + "." + field);
      return this;
    }

    /** A constant of an enum had another name once. */
    public <E extends Enum<E>> Builder renamedConstant(Class<E> type, String oldName, E constant) {
      putNew(of(constants, type), oldName, constant, type.getName() + "." + oldName);
      return this;
    }

    /**
     * Objects of a class are made by this function out of everything that was stored in another
     * form than that of today; names of fields are then those that were stored. It must be pure,
     * and may be called by many threads. A {@code RuntimeException} of it makes the value
     * unreadable.
     */
    public <T> Builder migration(Class<T> type, Function<StoredObject, ? extends T> migration) {
      putNew(migrations, type, Objects.requireNonNull(migration, "migration"), "the class " + type);
      return this;
    }

    /** What was declared so far. */
    public Evolution build() {
      return new Evolution(this);
    }

    private static <K, V> Map<K, V> of(Map<Class<?>, Map<K, V>> maps, Class<?> type) {
      return maps.computeIfAbsent(type, t -> new HashMap<>());
    }

    private static <K, V> void putNew(Map<K, V> map, K key, V value, String what) {
      if (map.putIfAbsent(key, value) != null) {
        throw new IllegalArgumentException(what + " is declared twice");
      }
    }

    private static Class<?> requireField(Class<?> type, String name) {
      return StoredFields.of(type).stream()
          .filter(field -> field.name().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      type.getName()
                          + " has no stored field '"
                          + name
                          + "', but "
                          + Arrays.toString(
                              StoredFields.of(type).stream()
                                  .map(StoredFields.Field::name)
                                  .toArray())))
          .type();
    }
  }
}
