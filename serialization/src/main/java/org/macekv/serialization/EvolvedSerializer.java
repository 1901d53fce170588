package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.Kryo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects that were stored in an older form of their class, and makes objects of the class as
 * it is now. Nothing is written in an older form.
 */
final class EvolvedSerializer extends ValueSerializer<Object> {
  private final StoredForm stored;
  private final Form now;
  private final List<Step> steps;
  private final List<@Nullable Supplier<?>> added;
  private final @Nullable Function<StoredObject, ?> migration;

  /** A class as it is now: makes objects of the values of its fields. */
  interface Form {
    /** The class. */
    Class<?> type();

    /** The fields, in the order in which they are stored. */
    List<StoredFields.Field> fields();

    /** An object that others may refer to before it is whole; null if it is made of its fields. */
    @Nullable Object begin();

    /**
     * The object. A field that is missing has its default.
     *
     * @param begun what {@link #begin} gave
     * @param present which values there are
     */
    Object make(@Nullable Object begun, @Nullable Object[] values, boolean[] present);
  }

  /**
   * What is done with a stored field.
   *
   * @param target the index of the field that it is now; -1 if it is skipped
   */
  private record Step(String name, FieldKind kind, int target) {}

  private EvolvedSerializer(
      StoredForm stored,
      Form now,
      List<Step> steps,
      List<@Nullable Supplier<?>> added,
      @Nullable Function<StoredObject, ?> migration) {
    this.stored = stored;
    this.now = now;
    this.steps = steps;
    this.added = added;
    this.migration = migration;
  }

  /**
   * A serializer that reads a stored form.
   *
   * @param isAssignable whether a field of the class may have objects that were declared to be of
   *     another type, by names
   * @param differences gets what can't be read, a line each: {@code field, stored, now, why}
   */
  static EvolvedSerializer of(
      StoredForm stored,
      Form now,
      Evolution evolution,
      Assignability isAssignable,
      List<String[]> differences) {
    Function<StoredObject, ?> migration = evolution.migration(now.type());
    List<StoredFields.Field> fields = now.fields();
    boolean[] present = new boolean[fields.size()];
    List<Step> steps = new ArrayList<>();
    for (StoredForm.Field each : stored.fields()) {
      String name = evolution.fieldNow(now.type(), each.name());
      int target = indexOf(fields, field -> field.name().equals(name));
      if (migration == null && target >= 0) {
        check(each, fields.get(target), isAssignable, present[target], differences);
        present[target] = true;
      }
      steps.add(new Step(each.name(), FieldKind.of(each.typeName()), target));
    }
    List<@Nullable Supplier<?>> added = new ArrayList<>();
    for (int i = 0; i < present.length; i++) {
      added.add(present[i] ? null : evolution.added(now.type(), fields.get(i).name()));
    }
    if (migration == null) {
      checkHidden(stored, now, evolution, differences);
    }
    return new EvolvedSerializer(stored, now, List.copyOf(steps), added, migration);
  }

  /** Whether a field may have what was declared to be of another type. */
  @FunctionalInterface
  interface Assignability {
    boolean test(String storedType, Class<?> type);
  }

  private static int indexOf(
      List<StoredFields.Field> fields, Predicate<StoredFields.Field> wanted) {
    for (int i = 0; i < fields.size(); i++) {
      if (wanted.test(fields.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /**
   * A field without a class before its name is that of the most derived class that has one. So
   * where there are others of that name now, or were then, it may be another.
   */
  private static void checkHidden(
      StoredForm stored, Form now, Evolution evolution, List<String[]> differences) {
    Set<String> hiddenThen = new TreeSet<>();
    stored.fields().forEach(field -> addHidden(hiddenThen, field.name()));
    Set<String> hiddenNow = new TreeSet<>();
    now.fields().forEach(field -> addHidden(hiddenNow, field.name()));
    Set<String> either = new TreeSet<>(hiddenThen);
    either.addAll(hiddenNow);
    for (String name : either) {
      if (hiddenThen.contains(name) != hiddenNow.contains(name)
          && !evolution.isDeclared(now.type(), name)) {
        differences.add(
            new String[] {
              name,
              hiddenThen.contains(name) ? "several classes had one" : "one",
              hiddenNow.contains(name) ? "several classes have one" : "one",
              "which it was is not known: declare it (renamedField)"
            });
      }
    }
  }

  private static void addHidden(Set<String> names, String name) {
    int dot = name.lastIndexOf('.');
    if (dot >= 0) {
      names.add(name.substring(dot + 1));
    }
  }

  private static void check(
      StoredForm.Field stored,
      StoredFields.Field now,
      Assignability isAssignable,
      boolean twice,
      List<String[]> differences) {
    String box = NumberConversion.boxName(stored.typeName());
    String boxNow = FieldKind.box(now.type()).getTypeName();
    boolean same = box.equals(boxNow);
    if (twice
        || !(same
            || NumberConversion.isWidening(box, boxNow)
            || isAssignable.test(stored.typeName(), now.type()))) {
      differences.add(
          new String[] {
            stored.name(),
            stored.typeName(),
            now.type().getTypeName() + (now.name().equals(stored.name()) ? "" : " " + now.name()),
            twice ? "two stored fields for it" : "no conversion"
          });
    }
  }

  @Override
  void write(Kryo kryo, ValueOutput output, Object value) {
    throw new IllegalStateException("an older form of " + now.type().getName() + " is not written");
  }

  @Override
  Object read(Kryo kryo, ValueInput input) {
    Function<StoredObject, ?> function = migration;
    return function == null ? readFields(kryo, input) : migrated(function, kryo, input);
  }

  private Object readFields(Kryo kryo, ValueInput input) {
    Object begun = now.begin();
    if (begun != null) {
      kryo.reference(begun);
    }
    @Nullable Object[] values = new @Nullable Object[added.size()];
    boolean[] present = new boolean[values.length];
    for (int i = 0; i < values.length; i++) {
      Supplier<?> value = added.get(i);
      present[i] = value != null;
      values[i] = value == null ? null : value.get();
    }
    for (Step step : steps) {
      if (step.target < 0) {
        input.beginSkipping();
        read(step, kryo, input);
        input.endSkipping();
      } else {
        values[step.target] = converted(step, read(step, kryo, input));
        present[step.target] = true;
      }
    }
    return begun != null
        ? now.make(begun, values, present)
        : input.orStandIn(() -> now.make(null, values, present));
  }

  private Object migrated(Function<StoredObject, ?> function, Kryo kryo, ValueInput input) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (Step step : steps) {
      values.put(step.name, read(step, kryo, input));
    }
    StoredObject object = new StoredObject(stored.className(), values);
    return input.orStandIn(() -> migrated(function, object));
  }

  private Object migrated(Function<StoredObject, ?> function, StoredObject object) {
    Object result = function.apply(object);
    if (!now.type().isInstance(result)) {
      throw new ValueException(
          "the migration to "
              + now.type().getName()
              + " gave "
              + (result == null ? "null" : result.getClass().getName()));
    }
    return result;
  }

  private static @Nullable Object read(Step step, Kryo kryo, ValueInput input) {
    try {
      return step.kind.read(kryo, input);
    } catch (RuntimeException e) {
      throw ValueException.at("." + step.name, e);
    }
  }

  private @Nullable Object converted(Step step, @Nullable Object value) {
    StoredFields.Field field = now.fields().get(step.target);
    Class<?> box = FieldKind.box(field.type());
    if (value == null) {
      if (field.type().isPrimitive()) {
        throw ValueException.at(
            "." + step.name,
            new ValueException("null, where a " + field.type() + " is declared now"));
      }
      return null;
    }
    if (box.isInstance(value)) {
      return value;
    }
    if (NumberConversion.isWidening(value.getClass().getName(), box.getName())) {
      return NumberConversion.widen(value, box);
    }
    throw ValueException.at(
        "." + step.name,
        new ValueException(
            value.getClass().getName() + " where " + field.type().getName() + " is declared now"));
  }
}
