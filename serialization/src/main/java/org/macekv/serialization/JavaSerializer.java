package org.macekv.serialization;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Values by Java's own serialization, for classes that are {@link Serializable} and say themselves
 * how they are stored: longer and slower than the other forms. What changes of a class are read is
 * said by its {@code serialVersionUID}.
 *
 * <p>Only the type itself and classes that are allowed are made of what the bytes say, and those of
 * the packages {@code java.lang}, {@code java.math}, {@code java.time} and {@code java.util} (not
 * those below them), that are no proxies; arrays as long as there are bytes. Thread-safe.
 *
 * @param <T> the type of the values
 */
public final class JavaSerializer<T extends Serializable> implements Serializer<T> {
  private static final int MOST_DEPTH = 1000;
  private static final Set<String> PACKAGES =
      Set.of("java.lang", "java.math", "java.time", "java.util");

  private final Class<T> type;
  private final Set<String> allowed;

  private JavaSerializer(Class<T> type, Set<String> allowed) {
    this.type = type;
    this.allowed = allowed;
  }

  /**
   * A serializer of a type.
   *
   * @param type the type of the values, which is allowed
   * @param allowed other classes that may occur in them; no subclass is for that
   */
  public static <T extends Serializable> JavaSerializer<T> of(Class<T> type, Class<?>... allowed) {
    return new JavaSerializer<>(
        Objects.requireNonNull(type, "type"),
        Stream.concat(Stream.of(type), Arrays.stream(allowed))
            .map(Class::getName)
            .collect(Collectors.toUnmodifiableSet()));
  }

  @Override
  public byte[] serialize(T value) {
    if (!type.isInstance(Objects.requireNonNull(value, "value"))) {
      throw new ClassCastException(value.getClass().getName() + " is no " + type.getName());
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    } catch (IOException | StackOverflowError e) {
      throw new SerializationException("cannot write a value of " + type.getName() + ": " + e, e);
    }
    return bytes.toByteArray();
  }

  @Override
  @SuppressWarnings("BanSerializableRead") // it is filtered by an allow-list
  public T deserialize(byte[] bytes) {
    try (ObjectInputStream in = new TypedInput(new ByteArrayInputStream(bytes))) {
      in.setObjectInputFilter(info -> filter(info, bytes.length));
      Object value = in.readObject();
      if (in.read() >= 0) {
        throw unreadable(new IOException("there are bytes behind it"));
      }
      return type.cast(Objects.requireNonNull(value, "null"));
    } catch (IOException | ClassNotFoundException | RuntimeException | StackOverflowError e) {
      throw e instanceof SerializationException known ? known : unreadable(e);
    }
  }

  private SerializationException unreadable(Throwable e) {
    return new SerializationException("cannot read a value of " + type.getName() + ": " + e, e);
  }

  /** Finds the classes of the type's loader, whoever calls. */
  private final class TypedInput extends ObjectInputStream {
    TypedInput(ByteArrayInputStream in) throws IOException {
      super(in);
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description)
        throws IOException, ClassNotFoundException {
      try {
        return Class.forName(description.getName(), false, type.getClassLoader());
      } catch (ClassNotFoundException e) {
        return super.resolveClass(description); // primitive ones, say
      }
    }
  }

  private ObjectInputFilter.Status filter(ObjectInputFilter.FilterInfo info, int length) {
    if (info.depth() > MOST_DEPTH || info.arrayLength() > length || info.references() > length) {
      return ObjectInputFilter.Status.REJECTED;
    }
    Class<?> found = info.serialClass();
    if (found == null) {
      return ObjectInputFilter.Status.UNDECIDED;
    }
    while (found.isArray()) {
      found = found.getComponentType();
    }
    boolean ours = found.isPrimitive() || allowed.contains(found.getName());
    return ours || PACKAGES.contains(found.getPackageName())
        ? ObjectInputFilter.Status.ALLOWED
        : ObjectInputFilter.Status.REJECTED;
  }

  @Override
  public String id() {
    return "java(" + type.getName() + ")";
  }

  @Override
  public String toString() {
    return id();
  }
}
