package org.macekv.serialization;

import java.util.Collection;

/**
 * Small numbers for the types that occur in stored values, so that a value carries a number and not
 * a name. The store keeps one for all its collections; {@link InMemoryClassCatalog} is one for
 * tests.
 *
 * <p>A name is a plain string here: the name of a class, followed by the list of its fields where
 * the class has some that are stored (so a class whose fields changed gets a new number, and values
 * of the older form are known as such). It may be some kilobytes long.
 *
 * <p>Implementations must be safe for use by many threads at once. A number, once given to anyone,
 * belongs to its name for ever: it must be durable no later than the first value that uses it, and
 * an abandoned one is not given to another name. Numbers never depend on the order in which classes
 * are registered.
 */
public interface ClassCatalog {

  /**
   * The number of a name, assigned durably on first use. Callers remember the answer, so this need
   * not be fast.
   *
   * @return 0 or more; small, since smaller numbers take fewer bytes
   */
  int idOf(String className);

  /**
   * The name that has this number.
   *
   * @throws SerializationException if no name has it
   */
  String nameOf(int id);

  /** All names that have a number, as of some moment of the call. */
  Collection<String> names();
}
