package org.macekv.collections;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.macekv.Mace;
import org.macekv.option.MaceOptions;

/**
 * How a {@link PersistentStore} is opened; got from {@link PersistentStore#builder}, {@link
 * PersistentStore#inMemoryBuilder} or {@link PersistentStore#temporaryBuilder}. Not thread-safe;
 * may be used again.
 */
public final class PersistentStoreBuilder {
  private final Function<MaceOptions, Mace> opener;
  private final List<Class<?>> registered = new ArrayList<>();
  private MaceOptions options = MaceOptions.defaults();

  PersistentStoreBuilder(Function<MaceOptions, Mace> opener) {
    this.opener = opener;
  }

  /** With these options of the engine; without, with the defaults. */
  public PersistentStoreBuilder options(MaceOptions newOptions) {
    this.options = Objects.requireNonNull(newOptions, "options");
    return this;
  }

  /**
   * Allows instances of {@code classes} in values, a sealed one with all its subclasses. A class
   * that a collection is opened with need not be named; classes of your own in its fields do. See
   * {@link org.macekv.serialization.KryoSerialization}. The order means nothing.
   */
  public PersistentStoreBuilder register(Class<?>... classes) {
    registered.addAll(List.of(classes));
    return this;
  }

  /** Opens the store and creates it if need be; throws what {@link Mace#open} throws. */
  public PersistentStore open() {
    return PersistentStore.over(opener.apply(options), registered);
  }
}
