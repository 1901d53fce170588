package org.macekv.serialization;

/**
 * Three things together, as a key for instance: see {@link KeyCodecs#tuple}.
 *
 * @param first the first of them
 * @param second the second of them
 * @param third the third of them
 * @param <A> the type of the first
 * @param <B> the type of the second
 * @param <C> the type of the third
 */
public record Tuple3<A, B, C>(A first, B second, C third) {

  /** These things together. */
  public static <A, B, C> Tuple3<A, B, C> of(A first, B second, C third) {
    return new Tuple3<>(first, second, third);
  }
}
