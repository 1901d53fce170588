package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.ClassResolver;
import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Registration;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import com.esotericsoftware.kryo.kryo5.util.IntMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a class as its number in the catalog plus one, null as 0. Which classes there are is the
 * {@link TypeTable}'s business; Kryo's own registrations are not used, so their order can't matter.
 *
 * <p>Belongs to one Kryo instance and one thread at a time.
 */
@SuppressWarnings("rawtypes") // Kryo's signatures
final class CatalogClassResolver implements ClassResolver {
  private static final int NULL = 0;

  private final TypeTable types;
  private final Map<Class<?>, Entry> byClass = new HashMap<>();
  private final IntMap<Entry> byId = new IntMap<>();
  private @Nullable Class<?> lastClass; // that was written
  private @Nullable Entry lastEntry;
  private @Nullable Entry lastRead; // perhaps of an older form, which is not to be written

  CatalogClassResolver(TypeTable types) {
    this.types = types;
  }

  TypeTable types() {
    return types;
  }

  boolean isTracked(Class<?> type) {
    Entry read = lastRead;
    return (read != null && read.getType() == type ? read : entry(type)).tracked;
  }

  @Override
  public @Nullable Registration writeClass(Output output, @Nullable Class type) {
    if (type == null) {
      output.writeVarInt(NULL, true);
      return null;
    }
    Entry entry = entry(type);
    output.writeVarInt(entry.getId() + 1, true);
    return entry;
  }

  @Override
  public @Nullable Registration readClass(Input input) {
    int idPlusOne = input.readVarInt(true);
    if (idPlusOne == NULL) {
      return null;
    }
    Entry entry = byId.get(idPlusOne - 1);
    if (entry == null) {
      entry = readEntry(idPlusOne - 1, ((ValueInput) input).isSkipping());
    }
    lastRead = entry; // the next question is whether this class is tracked
    return entry;
  }

  private Entry readEntry(int id, boolean skipping) {
    StoredType type;
    try {
      type = types.byId(id);
    } catch (ValueException e) {
      if (!skipping) {
        throw e;
      }
      return new Entry(types.passedOver(id), id); // not kept: elsewhere it is an error
    }
    Entry entry = new Entry(type, id);
    byId.put(id, entry);
    return entry;
  }

  private Entry entry(Class<?> type) {
    Entry entry = lastEntry;
    if (entry != null && type == lastClass) {
      return entry;
    }
    entry = byClass.get(type);
    if (entry == null) {
      StoredType stored = types.byClass(type);
      entry = new Entry(stored, types.idOf(stored));
      byClass.put(type, entry);
    }
    lastClass = type;
    lastEntry = entry;
    return entry;
  }

  @Override
  public Registration register(Registration registration) {
    return registration; // Kryo's constructor brings some; nobody looks them up
  }

  @Override
  public @Nullable Registration unregister(int classId) {
    return null;
  }

  @Override
  public Registration registerImplicit(Class type) {
    return entry(type);
  }

  @Override
  public @Nullable Registration getRegistration(Class type) {
    return null;
  }

  @Override
  public @Nullable Registration getRegistration(int classId) {
    return null;
  }

  @Override
  public void setKryo(Kryo kryo) {}

  @Override
  public void reset() {}

  /** A stored type under its number. */
  private static final class Entry extends Registration {
    private final boolean tracked;

    Entry(StoredType type, int id) {
      super(type.type(), type.serializer(), id);
      this.tracked = type.tracked();
    }
  }
}
