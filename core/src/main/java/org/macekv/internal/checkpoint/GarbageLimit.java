package org.macekv.internal.checkpoint;

/**
 * How much garbage there may be. Cleaning begins before that, at fifteen sixteenths of it: so there
 * is a way on which writers are slowed down, the more the further it is gone.
 *
 * @param percent of all
 * @param free so many bytes may be garbage in any case
 * @param earlier so many bytes before the limit cleaning begins, but not below three quarters
 */
record GarbageLimit(int percent, long free, long earlier) {
  private long most(long total) {
    return total / 100 * percent;
  }

  private long begins(long total) {
    long most = most(total);
    return Math.max(free, Math.min(most / 16 * 15, Math.max(most / 4 * 3, most - earlier)));
  }

  /** Whether cleaning is wanted. */
  boolean isFelt(long garbage, long total) {
    return garbage > begins(total);
  }

  /** How much should go. */
  long excess(long garbage, long total) {
    return garbage - begins(total) / 25 * 24;
  }

  /** How much more there may be. */
  long room(long garbage, long total) {
    return Math.max(0, Math.max(free, most(total)) - garbage);
  }

  /** How far it is on the way from where cleaning begins to the limit, 0 to 1. */
  double share(long garbage, long total) {
    long begins = begins(total);
    double way = Math.max(most(total) / 16 + 1, most(total) - begins);
    return Math.min(1, Math.max(0, garbage - begins) / way);
  }
}
