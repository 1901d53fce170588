package org.macekv.collections;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.macekv.Mace;
import org.macekv.option.MaceOptions;
import org.macekv.serialization.Evolution;

/**
 * How a {@link PersistentStore} is opened; got from {@link PersistentStore#builder}, {@link
 * PersistentStore#inMemoryBuilder} or {@link PersistentStore#temporaryBuilder}. Not thread-safe;
 * may be used again.
 */
public final class PersistentStoreBuilder {
  private final Function<MaceOptions, Mace> opener;
  private final List<Class<?>> registered = new ArrayList<>();
  private MaceOptions options = MaceOptions.defaults();
  private Evolution evolution = Evolution.none();

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
   * that a collection is opened with need not be named, nor those that its fields are declared to
   * have; others do, such as subclasses. See {@link org.macekv.serialization.KryoSerialization}.
   * The order means nothing.
   */
  public PersistentStoreBuilder register(Class<?>... classes) {
    registered.addAll(List.of(classes));
    return this;
  }

  /**
   * How the classes of values have changed since values were stored, where names don't tell it. A
   * collection of which values can't be read any more is refused when it is opened.
   */
  public PersistentStoreBuilder evolution(Evolution newEvolution) {
    this.evolution = Objects.requireNonNull(newEvolution, "newEvolution");
    return this;
  }

  /** Opens the store and creates it if need be; throws what {@link Mace#open} throws. */
  public PersistentStore open() {
    return PersistentStore.over(opener.apply(options), registered, evolution);
  }
}
