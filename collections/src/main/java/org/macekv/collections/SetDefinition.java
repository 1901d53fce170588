package org.macekv.collections;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.macekv.option.BucketOptions;
import org.macekv.serialization.KeyCodec;
import org.macekv.serialization.KeyCodecs;

/**
 * A set's name, type and options, to be said once, in a constant, and opened by it, as a {@link
 * MapDefinition} is. Immutable, and of no store.
 *
 * @param <E> the elements
 */
public final class SetDefinition<E> {
  private final String name;
  private final KeyCodec<E> elements;
  private final @Nullable BucketOptions options;

  private SetDefinition(String name, KeyCodec<E> elements, @Nullable BucketOptions options) {
    this.name = Objects.requireNonNull(name, "name");
    this.elements = Objects.requireNonNull(elements, "elements");
    this.options = options;
  }

  /**
   * Elements have the built-in codec of their class (see {@link KeyCodecs}).
   *
   * @param name 1 to 1,000 bytes in UTF-8
   * @throws IllegalArgumentException if there is no built-in codec for them
   */
  public static <E> SetDefinition<E> of(String name, Class<E> elements) {
    return of(name, KeyCodecs.of(elements));
  }

  /** With an encoding of your choice. */
  public static <E> SetDefinition<E> of(String name, KeyCodec<E> elements) {
    return new SetDefinition<>(name, elements, null);
  }

  /** With options for how the data is kept; see {@link MapDefinition#withOptions}. */
  public SetDefinition<E> withOptions(BucketOptions newOptions) {
    return new SetDefinition<>(name, elements, Objects.requireNonNull(newOptions, "newOptions"));
  }

  /** The name of the set in its store. */
  public String name() {
    return name;
  }

  KeyCodec<E> elements() {
    return elements;
  }

  @Nullable BucketOptions options() {
    return options;
  }

  /** For messages. */
  @Override
  public String toString() {
    return "set '" + name + "'";
  }
}
