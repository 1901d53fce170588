package org.macekv.serialization;

/**
 * Four things together, as a key for instance: see {@link KeyCodecs#tuple}.
 *
 * @param first the first of them
 * @param second the second of them
 * @param third the third of them
 * @param fourth the fourth of them
 * @param <A> the type of the first
 * @param <B> the type of the second
 * @param <C> the type of the third
 * @param <D> the type of the fourth
 */
public record Tuple4<A, B, C, D>(A first, B second, C third, D fourth) {

  /** These things together. */
  public static <A, B, C, D> Tuple4<A, B, C, D> of(A first, B second, C third, D fourth) {
    return new Tuple4<>(first, second, third, fourth);
  }
}
