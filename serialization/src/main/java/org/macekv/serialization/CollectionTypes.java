package org.macekv.serialization;

import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.Stack;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The collections of the JDK, and its other holders of objects. Private classes of the JDK are
 * found by way of an instance and stored under the name of the method that makes them, since their
 * own names may change. Wrappers are stored as their contents: {@code unmodifiableList(linkedList)}
 * comes back around an {@code ArrayList}.
 */
@SuppressWarnings("JdkObsolete") // who has a LinkedList gets a LinkedList back
final class CollectionTypes {
  private final List<StoredType> types = new ArrayList<>();

  private CollectionTypes() {
    addCollections();
    addSortedCollections();
    addMaps();
    addImmutable();
    addUnmodifiable();
    addSingletons();
    addHolders();
  }

  static List<StoredType> all() {
    return new CollectionTypes().types;
  }

  private void addCollections() {
    collection(ArrayList.class, CollectionSerializer.plain(ArrayList::new));
    collection(LinkedList.class, CollectionSerializer.plain(size -> new LinkedList<>()));
    collection(Vector.class, CollectionSerializer.plain(Vector::new));
    collection(Stack.class, CollectionSerializer.plain(size -> new Stack<>()));
    collection(ArrayDeque.class, CollectionSerializer.plain(ArrayDeque::new));
    collection(
        ConcurrentLinkedQueue.class,
        CollectionSerializer.plain(size -> new ConcurrentLinkedQueue<>()));
    collection(
        ConcurrentLinkedDeque.class,
        CollectionSerializer.plain(size -> new ConcurrentLinkedDeque<>()));
    collection(
        HashSet.class, CollectionSerializer.plain(size -> new HashSet<>(hashCapacity(size))));
    collection(
        LinkedHashSet.class,
        CollectionSerializer.plain(size -> new LinkedHashSet<>(hashCapacity(size))));
    frozen(
        "java.util.concurrent.CopyOnWriteArrayList",
        CopyOnWriteArrayList.class,
        FrozenSerializer.ofCollection(CopyOnWriteArrayList::new));
    frozen(
        "java.util.concurrent.CopyOnWriteArraySet",
        CopyOnWriteArraySet.class,
        FrozenSerializer.ofCollection(parts -> new CopyOnWriteArraySet<>(Arrays.asList(parts))));
    frozen(
        "java.util.Arrays.asList",
        Arrays.asList().getClass(),
        FrozenSerializer.ofCollection(Arrays::asList));
  }

  private void addSortedCollections() {
    collection(
        TreeSet.class,
        CollectionSerializer.<TreeSet<@Nullable Object>>sorted(
            TreeSet::comparator, (order, size) -> new TreeSet<>(order)));
    collection(
        ConcurrentSkipListSet.class,
        CollectionSerializer.<ConcurrentSkipListSet<@Nullable Object>>sorted(
            ConcurrentSkipListSet::comparator,
            (order, size) -> new ConcurrentSkipListSet<>(order)));
    collection(
        PriorityQueue.class,
        CollectionSerializer.<PriorityQueue<@Nullable Object>>sorted(
            PriorityQueue::comparator,
            (order, size) -> new PriorityQueue<>(Math.max(1, size), order)));
  }

  private void addMaps() {
    map(HashMap.class, MapSerializer.plain(size -> new HashMap<>(hashCapacity(size))));
    map(LinkedHashMap.class, MapSerializer.plain(size -> new LinkedHashMap<>(hashCapacity(size))));
    map(Hashtable.class, MapSerializer.plain(size -> new Hashtable<>(hashCapacity(size))));
    map(IdentityHashMap.class, MapSerializer.plain(IdentityHashMap::new));
    map(
        ConcurrentHashMap.class,
        MapSerializer.plain(size -> new ConcurrentHashMap<>(hashCapacity(size))));
    map(
        TreeMap.class,
        MapSerializer.<TreeMap<@Nullable Object, @Nullable Object>>sorted(
            TreeMap::comparator, (order, size) -> new TreeMap<>(order)));
    map(
        ConcurrentSkipListMap.class,
        MapSerializer.<ConcurrentSkipListMap<@Nullable Object, @Nullable Object>>sorted(
            ConcurrentSkipListMap::comparator,
            (order, size) -> new ConcurrentSkipListMap<>(order)));
  }

  private void addImmutable() {
    var list = FrozenSerializer.<List<?>>ofCollection(CollectionTypes::immutableList);
    frozen("java.util.List.of", List.of().getClass(), list);
    frozen("java.util.List.of", List.of(1).getClass(), list);
    frozen("java.util.List.of", List.of(1, 2, 3).subList(1, 2).getClass(), list);
    var set = FrozenSerializer.<Set<?>>ofCollection(CollectionTypes::immutableSet);
    frozen("java.util.Set.of", Set.of().getClass(), set);
    frozen("java.util.Set.of", Set.of(1).getClass(), set);
    var map = FrozenSerializer.<Map<?, ?>>ofMap(CollectionTypes::immutableMap);
    frozen("java.util.Map.of", Map.of().getClass(), map);
    frozen("java.util.Map.of", Map.of(1, 1).getClass(), map);
    frozen(
        "java.util.Map.entry",
        Map.entry(1, 1).getClass(),
        entry(parts -> Map.entry(required(parts[0]), required(parts[1]))));
  }

  private void addUnmodifiable() {
    var list =
        FrozenSerializer.<List<?>>ofCollection(
            parts -> Collections.unmodifiableList(Arrays.asList(parts)));
    frozen(
        "java.util.Collections.unmodifiableList",
        Collections.unmodifiableList(new ArrayList<>()).getClass(),
        list);
    frozen(
        "java.util.Collections.unmodifiableList",
        Collections.unmodifiableList(new LinkedList<>()).getClass(),
        list);
    frozen(
        "java.util.Collections.unmodifiableSet",
        Collections.unmodifiableSet(new HashSet<>()).getClass(),
        FrozenSerializer.<Set<?>>ofCollection(
            parts -> Collections.unmodifiableSet(new LinkedHashSet<>(Arrays.asList(parts)))));
    frozen(
        "java.util.Collections.unmodifiableCollection",
        Collections.unmodifiableCollection(new ArrayList<>()).getClass(),
        FrozenSerializer.<Collection<?>>ofCollection(
            parts -> Collections.unmodifiableCollection(Arrays.asList(parts))));
    frozen(
        "java.util.Collections.unmodifiableMap",
        Collections.unmodifiableMap(new HashMap<>()).getClass(),
        FrozenSerializer.<Map<?, ?>>ofMap(parts -> Collections.unmodifiableMap(linkedMap(parts))));
  }

  private void addSingletons() {
    constant("java.util.Collections.emptyList", Collections.emptyList());
    constant("java.util.Collections.emptySet", Collections.emptySet());
    constant("java.util.Collections.emptyMap", Collections.emptyMap());
    constant("java.util.Collections.reverseOrder", Collections.reverseOrder());
    constant("java.util.Comparator.naturalOrder", Comparator.naturalOrder());
    constant("java.lang.String.CASE_INSENSITIVE_ORDER", String.CASE_INSENSITIVE_ORDER);
    frozen(
        "java.util.Collections.singletonList",
        Collections.singletonList(1).getClass(),
        FrozenSerializer.<List<?>>ofCollection(parts -> Collections.singletonList(only(parts))));
    frozen(
        "java.util.Collections.singleton",
        Collections.singleton(1).getClass(),
        FrozenSerializer.<Set<?>>ofCollection(parts -> Collections.singleton(only(parts))));
    frozen(
        "java.util.Collections.singletonMap",
        Collections.singletonMap(1, 1).getClass(),
        FrozenSerializer.<Map<?, ?>>ofMap(parts -> Collections.singletonMap(parts[0], parts[1])));
  }

  private void addHolders() {
    frozen(
        "java.util.Optional",
        Optional.class,
        new FrozenSerializer<Optional<?>>(
            value -> value.<Object[]>map(part -> new Object[] {part}).orElse(new Object[0]),
            parts -> parts.length == 0 ? Optional.empty() : Optional.of(required(only(parts)))));
    frozen(
        "java.util.AbstractMap.SimpleEntry",
        AbstractMap.SimpleEntry.class,
        entry(parts -> new AbstractMap.SimpleEntry<>(parts[0], parts[1])));
    frozen(
        "java.util.AbstractMap.SimpleImmutableEntry",
        AbstractMap.SimpleImmutableEntry.class,
        entry(parts -> new AbstractMap.SimpleImmutableEntry<>(parts[0], parts[1])));
  }

  private void collection(Class<?> type, CollectionSerializer<?> serializer) {
    types.add(new StoredType(type.getName(), type, true, serializer));
  }

  private void map(Class<?> type, MapSerializer<?> serializer) {
    types.add(new StoredType(type.getName(), type, true, serializer));
  }

  private void frozen(String name, Class<?> type, FrozenSerializer<?> serializer) {
    types.add(new StoredType(name, type, true, serializer));
  }

  private void constant(String name, Object instance) {
    // A byte, though it says nothing: every element of a collection has one of its own.
    ValueSerializer<Object> serializer =
        ValueSerializer.leaf((out, value) -> out.writeByte(0), in -> constantAfter(in, instance));
    types.add(new StoredType(name, instance.getClass(), false, serializer));
  }

  private static Object constantAfter(ValueInput input, Object instance) {
    if (input.readByte() != 0) {
      throw new ValueException("malformed: a byte that should be 0");
    }
    return instance;
  }

  private static FrozenSerializer<Map.Entry<?, ?>> entry(
      Function<@Nullable Object[], Map.Entry<?, ?>> maker) {
    return new FrozenSerializer<>(
        entry -> new @Nullable Object[] {entry.getKey(), entry.getValue()}, maker);
  }

  /** {@code List.of}, or where there are nulls {@code Stream.toList}, which has the same class. */
  private static List<?> immutableList(@Nullable Object[] parts) {
    return Arrays.stream(parts).allMatch(Objects::nonNull)
        ? List.of(parts)
        : Stream.of(parts).toList();
  }

  private static Map<?, ?> immutableMap(@Nullable Object[] parts) {
    for (Object part : parts) {
      required(part);
    }
    return Map.copyOf(linkedMap(parts));
  }

  /** Elements that differed in another form of their class may be equal now. */
  private static Set<?> immutableSet(@Nullable Object[] parts) {
    for (Object part : parts) {
      required(part);
    }
    return Set.copyOf(Arrays.asList(parts));
  }

  private static Map<?, ?> linkedMap(@Nullable Object[] parts) {
    Map<@Nullable Object, @Nullable Object> map =
        new LinkedHashMap<>(hashCapacity(parts.length / 2));
    for (int i = 0; i + 1 < parts.length; i += 2) {
      map.put(parts[i], parts[i + 1]);
    }
    return map;
  }

  private static @Nullable Object only(@Nullable Object[] parts) {
    if (parts.length != 1) {
      throw new ValueException("malformed: " + parts.length + " elements where one is expected");
    }
    return parts[0];
  }

  private static Object required(@Nullable Object part) {
    if (part == null) {
      throw new ValueException("malformed: null in a collection that takes none");
    }
    return part;
  }

  /** What a hash table must be made for so as not to grow; grows by itself beyond 2^29. */
  private static int hashCapacity(int size) {
    return size < 1 << 29 ? size + size / 3 + 1 : size;
  }
}
