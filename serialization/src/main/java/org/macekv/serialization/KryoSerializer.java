package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.util.Pool;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A serializer that works with Kryo. A value's bytes are one byte for the format, then the graph of
 * its objects, each led by the number of its class.
 *
 * <p>Any number of threads may use it; each takes an instance of Kryo out of the pool for one
 * value. After a failure that instance is dropped, since Kryo may be left in mid-work.
 */
final class KryoSerializer<T> implements Serializer<T> {
  private static final byte FORMAT = 1;
  private static final int POOL_LIMIT = 64;
  private static final int DEPTH_LIMIT = 1000;

  private final Class<T> type;
  private final Set<String> ids;
  private final TypeTable types;
  private final Pool<Coder> coders =
      new Pool<>(true, false, POOL_LIMIT) {
        @Override
        protected Coder create() {
          return new Coder(types);
        }
      };

  /**
   * @param names all names that the type has or had
   */
  KryoSerializer(Class<T> type, Set<String> names, TypeTable types) {
    this.type = type;
    this.ids = names.stream().map(KryoSerializer::idOf).collect(Collectors.toUnmodifiableSet());
    this.types = types;
  }

  private static String idOf(String typeName) {
    return "kryo(" + typeName + ")";
  }

  @Override
  public byte[] serialize(T value) {
    if (!type.isInstance(Objects.requireNonNull(value, "value"))) {
      throw new ClassCastException(value.getClass().getName() + " is no " + type.getName());
    }
    Coder coder = coders.obtain();
    byte[] bytes;
    try {
      bytes = coder.encode(value);
    } catch (RuntimeException | StackOverflowError e) {
      throw failure("write", e);
    }
    coders.free(coder);
    return bytes;
  }

  @Override
  public T deserialize(byte[] bytes) {
    Coder coder = coders.obtain();
    Object value;
    try {
      value = coder.decode(bytes);
    } catch (RuntimeException | StackOverflowError e) {
      throw failure("read", e);
    }
    coders.free(coder);
    if (!type.isInstance(value)) {
      throw new SerializationException(
          "cannot read a value of "
              + type.getName()
              + ": the bytes are of "
              + (value == null ? "null" : value.getClass().getName()));
    }
    return type.cast(value);
  }

  @Override
  public String id() {
    return idOf(type.getName());
  }

  @Override
  public boolean readsId(String storedId) {
    return ids.contains(storedId);
  }

  @Override
  public String toString() {
    return id();
  }

  private RuntimeException failure(String verb, Throwable failure) {
    if (failure instanceof ValueException.CatalogFailure catalogFailure) {
      return catalogFailure.failure();
    }
    String where = "";
    @Nullable Throwable cause = failure;
    if (failure instanceof ValueException exception) {
      where = exception.path().isEmpty() ? "" : ", at " + type.getSimpleName() + exception.path();
      cause = exception.reason();
    }
    String what =
        failure instanceof StackOverflowError
            ? "its objects are nested too deeply"
            : failure.getMessage() == null ? failure.toString() : failure.getMessage();
    String message = "cannot " + verb + " a value of " + type.getName() + where + ": " + what;
    return cause == null
        ? new SerializationException(message)
        : new SerializationException(message, cause);
  }

  /** What one thread needs for one value. */
  private static final class Coder {
    private final Kryo kryo;
    private final ValueOutput output = new ValueOutput();
    private final ValueInput input = new ValueInput();

    Coder(TypeTable types) {
      CatalogClassResolver classes = new CatalogClassResolver(types);
      this.kryo = new Kryo(classes, new GraphReferences(classes));
      kryo.setMaxDepth(DEPTH_LIMIT);
    }

    byte[] encode(Object value) {
      output.writeByte(FORMAT);
      kryo.writeClassAndObject(output, value);
      byte[] bytes = output.toBytes();
      output.clear();
      return bytes;
    }

    @Nullable Object decode(byte[] bytes) {
      input.begin(bytes);
      byte format = input.readByte();
      if (format != FORMAT) {
        throw new ValueException("malformed: format " + format + " where " + FORMAT + " is known");
      }
      Object value = kryo.readClassAndObject(input);
      if (input.remaining() != 0) {
        throw new ValueException("malformed: " + input.remaining() + " bytes too many");
      }
      input.clear();
      return value;
    }
  }
}
