package org.macekv.serialization;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Serializers for any class: the built-in one where the type is simple, else one that works with
 * Kryo. Immutable and safe for many threads.
 */
public final class KryoSerialization {
  private final ClassCatalog catalog;
  private final Set<Class<?>> registered;

  private KryoSerialization(ClassCatalog catalog, Set<Class<?>> registered) {
    this.catalog = catalog;
    this.registered = registered;
  }

  /** A builder with no class registered but the common ones of the JDK. */
  public static Builder builder(ClassCatalog catalog) {
    return new Builder(catalog);
  }

  /**
   * A serializer for values of this type and its registered subtypes.
   *
   * @throws IllegalArgumentException if values of this type cannot be written at all
   */
  public <T> Serializer<T> of(Class<T> type) {
    return Serializers.builtIn(type)
        .orElseThrow(() -> new IllegalArgumentException(catalog + " " + registered));
  }

  /** Collects the classes that may occur in values. */
  public static final class Builder {
    private final ClassCatalog catalog;
    private final Set<Class<?>> registered = new LinkedHashSet<>();

    private Builder(ClassCatalog catalog) {
      this.catalog = catalog;
    }

    /** Allows these classes in values. The order has no meaning. */
    public Builder register(Class<?>... classes) {
      registered.addAll(List.of(classes));
      return this;
    }

    /** The serialization with what was registered so far. */
    public KryoSerialization build() {
      return new KryoSerialization(catalog, Set.copyOf(registered));
    }
  }
}
