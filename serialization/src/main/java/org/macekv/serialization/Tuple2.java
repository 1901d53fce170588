package org.macekv.serialization;

/**
 * Two things together, as a key for instance: see {@link KeyCodecs#tuple}.
 *
 * @param first the first of them
 * @param second the second of them
 * @param <A> the type of the first
 * @param <B> the type of the second
 */
public record Tuple2<A, B>(A first, B second) {

  /** These things together. */
  public static <A, B> Tuple2<A, B> of(A first, B second) {
    return new Tuple2<>(first, second);
  }
}
