package org.macekv.serialization;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Serializers for any type: the built-in one where the type is simple, else one that stores whole
 * graphs of objects with the help of Kryo.
 *
 * <p><b>What can be stored.</b> Only classes that are allowed, so that no bytes can bring a class
 * into being that nobody expects: the named type itself (of a sealed one all its subclasses), what
 * was {@link Builder#register registered}, what is declared as the type of a field of those, or as
 * its type argument ({@code List<Item> items} allows {@code Item}), the JDK's collections, also
 * {@code List.of} and the like, {@code Optional}, {@code java.time}, {@code BigInteger} and {@code
 * BigDecimal}, boxes, strings, and arrays of all these. Any other class is refused when a value has
 * it, with the path of fields that leads there.
 *
 * <p><b>How.</b> Records are stored by their components and made again by the canonical
 * constructor; enums by name; other classes by their fields, without static and transient ones, and
 * made again by a constructor without parameters if there is one, else without a constructor. An
 * object that occurs twice in a value is one object again afterwards, and cycles come back, except
 * through records and immutable collections, where they are refused. A value may be nested some
 * 1000 objects deep.
 *
 * <p><b>Classes that change.</b> Values of older forms of a class are read as {@link Evolution}
 * says; a form that can't be is known when the serializer is made, and not when such a value is
 * met. A class that is gone may occur in fields that are gone.
 *
 * <p>The classes of values are numbers in the bytes, which the {@link ClassCatalog} keeps for ever;
 * they depend on the name and the fields of a class, never on the order of registration.
 *
 * <p>Immutable and safe for use by many threads, and so are the serializers.
 */
public final class KryoSerialization {
  private final ClassCatalog catalog;
  private final Evolution evolution;
  private final List<Class<?>> registered;

  private KryoSerialization(ClassCatalog catalog, Evolution evolution, List<Class<?>> registered) {
    this.catalog = catalog;
    this.evolution = evolution;
    this.registered = registered;
  }

  /** A builder with no class registered but those of the JDK. */
  public static Builder builder(ClassCatalog catalog) {
    return new Builder(catalog);
  }

  /**
   * A serializer for values of this type. The type counts as registered for it. Making one takes
   * some time and memory: make it once and keep it.
   *
   * @param type any class or interface; one with type parameters stands for all of them
   * @throws IllegalArgumentException if this class, or a registered one, can't be stored: it is a
   *     class of the JDK that is not in the list above, or its package is not open
   * @throws IncompatibleClassException if the catalog has forms of these classes that can't be read
   */
  @SuppressWarnings({"unchecked", "rawtypes"}) // an enum's class is the class of its constants
  public <T> Serializer<T> of(Class<T> type) {
    if (type.isEnum()) {
      return Serializers.enumByName((Class) type, evolution);
    }
    Optional<Serializer<T>> builtIn = Serializers.builtIn(type);
    if (builtIn.isPresent()) {
      return builtIn.get();
    }
    if (type.isPrimitive()) {
      throw new IllegalArgumentException("values are objects; take the box of " + type);
    }
    List<Class<?>> allowed = new ArrayList<>(registered);
    allowed.add(type);
    TypeTable types = new TypeTable(catalog, evolution, allowed);
    types.requireReadable();
    return new KryoSerializer<>(
        type, evolution.namesOf(type).collect(Collectors.toUnmodifiableSet()), types);
  }

  /** Collects the classes that may occur in values. */
  public static final class Builder {
    private final ClassCatalog catalog;
    private final Set<Class<?>> registered = new LinkedHashSet<>();
    private Evolution evolution = Evolution.none();

    private Builder(ClassCatalog catalog) {
      this.catalog = catalog;
    }

    /**
     * Allows these classes in values, a sealed one with all its subclasses; arrays of them follow.
     * The order has no meaning. An interface or abstract class allows none of its subclasses.
     */
    public Builder register(Class<?>... classes) {
      registered.addAll(Arrays.asList(classes));
      return this;
    }

    /** How the classes have changed since values were stored; without, nothing is declared. */
    public Builder evolution(Evolution newEvolution) {
      this.evolution = Objects.requireNonNull(newEvolution, "newEvolution");
      return this;
    }

    /**
     * The serialization with what was registered so far.
     *
     * @throws IllegalArgumentException if a registered class can't be stored
     */
    public KryoSerialization build() {
      List<Class<?>> classes = List.copyOf(registered);
      new TypeTable(catalog, evolution, classes); // so that what can't be stored is known at once
      return new KryoSerialization(catalog, evolution, classes);
    }
  }
}
