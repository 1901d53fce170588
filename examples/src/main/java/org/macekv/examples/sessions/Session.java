package org.macekv.examples.sessions;

import java.time.Instant;
import java.util.Map;

/**
 * A session.
 *
 * @param user whose it is
 * @param expires when it is not valid any more
 * @param attributes what it knows
 */
public record Session(String user, Instant expires, Map<String, String> attributes) {}
