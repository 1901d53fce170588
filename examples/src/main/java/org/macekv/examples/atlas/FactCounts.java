package org.macekv.examples.atlas;

/**
 * How many facts there are, of one class or of many.
 *
 * @param supertypes pairs of a type and one that it extends or implements directly
 * @param methods methods, constructors and static initializers
 * @param fields fields
 * @param calls different pairs of a method called and the method that calls it
 * @param accesses different pairs of a field read or written and the method that does so
 * @param references different pairs of a type named and the class that names it
 */
public record FactCounts(
    int supertypes, int methods, int fields, int calls, int accesses, int references) {

  /** None. */
  public static final FactCounts ZERO = new FactCounts(0, 0, 0, 0, 0, 0);

  /** The sum, field by field. */
  public FactCounts plus(FactCounts other) {
    return new FactCounts(
        supertypes + other.supertypes,
        methods + other.methods,
        fields + other.fields,
        calls + other.calls,
        accesses + other.accesses,
        references + other.references);
  }
}
