package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.util.MapReferenceResolver;
import java.util.ArrayList;
import java.util.List;

/**
 * The objects of the value at hand, by number, so that one met again is stored as a reference.
 *
 * <p>Some objects can only be made after their parts were read: records, {@code List.of}, and the
 * like. A cycle through one of those could be written and never read, so it is refused when it is
 * written.
 */
final class GraphReferences extends MapReferenceResolver {
  private final List<Object> unfinished = new ArrayList<>();
  private final CatalogClassResolver classes;

  GraphReferences(CatalogClassResolver classes) {
    this.classes = classes;
  }

  /** The parts of this object are being written, and it can't be made without them. */
  void begin(Object object) {
    unfinished.add(object);
  }

  /** Ends what the last {@link #begin} began. Not called when writing failed. */
  void end() {
    unfinished.remove(unfinished.size() - 1);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // identity is what a reference keeps
  public int getWrittenId(Object object) {
    int id = super.getWrittenId(object);
    if (id >= 0) {
      for (Object whole : unfinished) {
        if (whole == object) {
          throw new ValueException(
              "a cycle leads through "
                  + object.getClass().getName()
                  + ", which can only be made after its parts; use a class with fields there");
        }
      }
    }
    return id;
  }

  @Override
  @SuppressWarnings("rawtypes") // Kryo's signature
  public Object getReadObject(Class type, int id) {
    Object object = id < 0 || id >= readObjects.size() ? null : super.getReadObject(type, id);
    if (object == null) {
      throw new ValueException("malformed: a reference to an object that is not there yet");
    }
    return object;
  }

  @Override
  @SuppressWarnings("rawtypes") // Kryo's signature
  public boolean useReferences(Class type) {
    return classes.isTracked(type);
  }

  @Override
  public void reset() {
    super.reset();
    unfinished.clear();
  }
}
