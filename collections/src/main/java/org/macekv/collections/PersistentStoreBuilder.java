package org.macekv.collections;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.macekv.Mace;
import org.macekv.option.MaceOptions;

/**
 * How a {@link PersistentStore} is opened; got from {@link PersistentStore#builder(Path)} or {@link
 * PersistentStore#inMemoryBuilder()}. Not thread-safe; may be used again.
 */
public final class PersistentStoreBuilder {
  private final @Nullable Path directory;
  private final List<Class<?>> registered = new ArrayList<>();
  private MaceOptions options = MaceOptions.defaults();

  PersistentStoreBuilder(@Nullable Path directory) {
    this.directory = directory;
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

  /**
   * Opens the store and creates it if need be; throws what {@link Mace#open(Path, MaceOptions)}
   * throws.
   */
  public PersistentStore open() {
    Mace mace = directory == null ? Mace.inMemory(options) : Mace.open(directory, options);
    return PersistentStore.over(mace, registered);
  }
}
