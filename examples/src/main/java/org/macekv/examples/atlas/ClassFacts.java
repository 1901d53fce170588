package org.macekv.examples.atlas;

import java.util.Map;
import java.util.Set;

/**
 * Everything that the atlas takes from one class file.
 *
 * @param record the class itself
 * @param methods by {@link MemberKey}
 * @param fields by {@link MemberKey}
 * @param calls {@link CompositeKey}s of the method called and the one that calls it
 * @param accesses {@link CompositeKey}s of the field and the method that reads or writes it
 * @param references {@link CompositeKey}s of the type named and this class
 */
record ClassFacts(
    ClassRecord record,
    Map<String, MethodRecord> methods,
    Map<String, FieldRecord> fields,
    Set<String> calls,
    Set<String> accesses,
    Set<String> references) {}
