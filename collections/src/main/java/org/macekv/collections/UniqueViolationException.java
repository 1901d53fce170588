package org.macekv.collections;

import org.macekv.error.MaceException;

/**
 * An entity was to be stored with a value of a unique property that another entity has. Nothing was
 * changed.
 */
public class UniqueViolationException extends MaceException {
  private static final long serialVersionUID = 1L;

  private final String index;
  private final transient Object value;
  private final transient Object otherKey;

  /**
   * @param entities what was to be changed, in which store
   * @param index the unique index
   * @param value the value
   * @param key the key of the entity
   * @param otherKey the key of the one that has the value
   */
  public UniqueViolationException(
      String entities, String index, Object value, Object key, Object otherKey) {
    super(
        entities
            + ": "
            + index
            + " is unique, and its value "
            + value
            + " of the entity "
            + key
            + " belongs to the entity "
            + otherKey);
    this.index = index;
    this.value = value;
    this.otherKey = otherKey;
  }

  /** The name of the unique index. */
  public String index() {
    return index;
  }

  /** The value that two would have. */
  public Object value() {
    return value;
  }

  /** The key of the entity that has it. */
  public Object otherKey() {
    return otherKey;
  }
}
