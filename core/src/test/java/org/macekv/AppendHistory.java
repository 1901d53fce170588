package org.macekv;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.macekv.option.Isolation;

/**
 * What transactions have read and written, each value a list of numbers to which they append, and
 * whether an isolation level allows that. Since a list tells the order in which its elements came,
 * the dependencies of the transactions follow from what was read (Kingsbury and Alvaro, Elle,
 * 2020), and the level forbids certain cycles of them (Adya 1999). Every number is appended once.
 */
final class AppendHistory {
  private final List<Entry> entries = new ArrayList<>();

  /** A transaction. Confined to its thread until it is added. */
  static final class Entry {
    private final int session;
    private final Map<Integer, int[]> reads = new TreeMap<>();
    private final Map<Integer, List<Integer>> appends = new TreeMap<>();
    private boolean committed;

    /** A transaction of a session, in which one begins after the one before has ended. */
    Entry(int session) {
      this.session = session;
    }

    /**
     * The list of a key as it was read, without what this transaction has appended before.
     *
     * @return what is wrong with it already, or null
     */
    @Nullable String read(int key, int[] list) {
      List<Integer> own = appends.getOrDefault(key, List.of());
      int length = list.length - own.size();
      for (int i = 0; i < own.size(); i++) {
        if (length < 0 || list[length + i] != own.get(i)) {
          return "own appends " + own + " to " + key + " are missing in " + Arrays.toString(list);
        }
      }
      int[] others = Arrays.copyOf(list, length);
      int[] before = reads.putIfAbsent(key, others);
      return before == null || Arrays.equals(before, others)
          ? null
          : "key "
              + key
              + " was read as "
              + Arrays.toString(before)
              + " and "
              + Arrays.toString(others);
    }

    void appended(int key, int number) {
      appends.computeIfAbsent(key, k -> new ArrayList<>()).add(number);
    }

    void committed() {
      committed = true;
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("[session " + session);
      reads.forEach((key, list) -> text.append(", ").append(key).append('=').append(tail(list)));
      appends.forEach((key, list) -> text.append(", ").append(key).append('+').append(list));
      return text.append(']').toString();
    }

    private static String tail(int[] list) {
      int from = Math.max(0, list.length - 3);
      return (from > 0 ? ".." : "") + Arrays.toString(Arrays.copyOfRange(list, from, list.length));
    }
  }

  /** Adds a transaction that has ended; of a session they come in their order. */
  synchronized void add(Entry entry) {
    entries.add(entry);
  }

  int size() {
    return entries.size();
  }

  long committed() {
    return entries.stream().filter(each -> each.committed).count();
  }

  private enum Kind {
    WRITE_WRITE,
    WRITE_READ,
    READ_WRITE,
    SESSION
  }

  private record Edge(int to, Kind kind, int key) {}

  /**
   * What is wrong, or null.
   *
   * @param last the lists of all keys at the end
   */
  @Nullable String check(Map<Integer, int[]> last, Isolation level) {
    Map<Integer, Integer> writers = new HashMap<>(); // of each number
    for (int i = 0; i < entries.size(); i++) {
      for (List<Integer> numbers : entries.get(i).appends.values()) {
        for (int number : numbers) {
          writers.put(number, i);
        }
      }
    }
    String wrong = checkLists(last, writers);
    if (wrong != null) {
      return wrong;
    }
    List<List<Edge>> graph = dependencies(last, writers);
    return level == Isolation.SERIALIZABLE ? cycle(graph) : cycle(withOneMore(graph));
  }

  private @Nullable String checkLists(Map<Integer, int[]> last, Map<Integer, Integer> writers) {
    Set<Integer> there = new HashSet<>();
    for (Map.Entry<Integer, int[]> each : last.entrySet()) {
      for (int number : each.getValue()) {
        Integer writer = writers.get(number);
        if (writer == null || !entries.get(writer).committed) {
          return "G1a: " + number + " in " + each.getKey() + " was rolled back, or never written";
        }
        if (!there.add(number)) {
          return number + " is there twice";
        }
      }
    }
    for (Entry entry : entries) {
      if (entry.committed) {
        for (List<Integer> numbers : entry.appends.values()) {
          for (int number : numbers) {
            if (!there.contains(number)) {
              return "lost: " + number + " of " + entry;
            }
          }
        }
        String wrong = checkReads(entry, last, writers);
        if (wrong != null) {
          return wrong;
        }
      }
    }
    return null;
  }

  private @Nullable String checkReads(
      Entry entry, Map<Integer, int[]> last, Map<Integer, Integer> writers) {
    for (Map.Entry<Integer, int[]> read : entry.reads.entrySet()) {
      int[] list = read.getValue();
      int[] whole = last.getOrDefault(read.getKey(), new int[0]);
      if (Arrays.mismatch(list, 0, list.length, whole, 0, Math.min(whole.length, list.length))
          >= 0) {
        return "what was read is no beginning of " + Arrays.toString(whole) + ": " + entry;
      }
      if (list.length > 0 && list.length < whole.length) {
        int writer = writers.getOrDefault(list[list.length - 1], -1);
        if (writer == writers.getOrDefault(whole[list.length], -1)) {
          return "G1b: a part of what " + entries.get(writer) + " wrote was read by " + entry;
        }
      }
    }
    return null;
  }

  private List<List<Edge>> dependencies(Map<Integer, int[]> last, Map<Integer, Integer> writers) {
    List<List<Edge>> graph = new ArrayList<>();
    Map<Integer, Integer> newestOfSession = new HashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      graph.add(new ArrayList<>());
      if (entries.get(i).committed) {
        Integer before = newestOfSession.put(entries.get(i).session, i);
        if (before != null) {
          graph.get(before).add(new Edge(i, Kind.SESSION, 0));
        }
      }
    }
    for (Map.Entry<Integer, int[]> each : last.entrySet()) {
      int[] list = each.getValue();
      for (int i = 0; i + 1 < list.length; i++) {
        add(graph, writers.get(list[i]), writers.get(list[i + 1]), Kind.WRITE_WRITE, each.getKey());
      }
    }
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).committed) {
        for (Map.Entry<Integer, int[]> read : entries.get(i).reads.entrySet()) {
          int seen = read.getValue().length;
          int[] whole = last.getOrDefault(read.getKey(), new int[0]);
          if (seen > 0) {
            add(graph, writers.get(whole[seen - 1]), i, Kind.WRITE_READ, read.getKey());
          }
          if (seen < whole.length) {
            add(graph, i, writers.get(whole[seen]), Kind.READ_WRITE, read.getKey());
          }
        }
      }
    }
    return graph;
  }

  private static void add(
      List<List<Edge>> graph, @Nullable Integer from, @Nullable Integer to, Kind kind, int key) {
    if (from != null && to != null && !from.equals(to)) {
      graph.get(from).add(new Edge(to, kind, key));
    }
  }

  /**
   * Snapshot isolation allows just the cycles that have two such edges in a row as lead from a
   * reader to who replaces what it read: so it forbids cycles of the other edges, each followed by
   * one of these or by none (Cerone and Gotsman 2016).
   */
  private static List<List<Edge>> withOneMore(List<List<Edge>> graph) {
    List<List<Edge>> composed = new ArrayList<>();
    for (List<Edge> edges : graph) {
      List<Edge> all = new ArrayList<>();
      for (Edge first : edges) {
        if (first.kind != Kind.READ_WRITE) {
          all.add(first);
          for (Edge second : graph.get(first.to)) {
            if (second.kind == Kind.READ_WRITE) {
              all.add(second);
            }
          }
        }
      }
      composed.add(all);
    }
    return composed;
  }

  /** A cycle, described, or null: takes away what nothing leads to, until nothing is left. */
  private @Nullable String cycle(List<List<Edge>> graph) {
    int[] incoming = new int[graph.size()];
    for (List<Edge> edges : graph) {
      edges.forEach(each -> incoming[each.to]++);
    }
    ArrayDeque<Integer> free = new ArrayDeque<>();
    for (int i = 0; i < incoming.length; i++) {
      if (incoming[i] == 0) {
        free.add(i);
      }
    }
    int left = graph.size();
    for (Integer node = free.poll(); node != null; node = free.poll()) {
      left--;
      for (Edge each : graph.get(node)) {
        if (--incoming[each.to] == 0) {
          free.add(each.to);
        }
      }
    }
    return left == 0 ? null : describe(graph, incoming);
  }

  /** Some nodes are left that are on cycles or behind them; backwards each leads into one. */
  private String describe(List<List<Edge>> graph, int[] incoming) {
    Map<Integer, Map.Entry<Integer, Edge>> before = new HashMap<>();
    for (int i = 0; i < incoming.length; i++) {
      for (Edge each : incoming[i] > 0 ? graph.get(i) : List.<Edge>of()) {
        before.put(each.to, Map.entry(i, each));
      }
    }
    Set<Integer> passed = new HashSet<>();
    int node = before.keySet().iterator().next();
    while (passed.add(node)) {
      node = before.get(node).getKey();
    }
    StringBuilder text = new StringBuilder("a cycle that the level forbids, from its end:");
    int at = node;
    do {
      Map.Entry<Integer, Edge> edge = before.get(at);
      text.append("\n  ").append(entries.get(at)).append(" <- ").append(edge.getValue().kind);
      text.append(" of ").append(edge.getValue().key);
      at = edge.getKey();
    } while (at != node);
    return text.toString();
  }

  /** Lists as values in a store. */
  static byte[] encode(int[] list) {
    byte[] bytes = new byte[4 * list.length];
    ByteBuffer.wrap(bytes).asIntBuffer().put(list);
    return bytes;
  }

  /** The list of a value; an empty one for null. */
  static int[] decode(byte @Nullable [] value) {
    if (value == null) {
      return new int[0];
    }
    int[] list = new int[value.length / 4];
    ByteBuffer.wrap(value).asIntBuffer().get(list);
    return list;
  }
}
