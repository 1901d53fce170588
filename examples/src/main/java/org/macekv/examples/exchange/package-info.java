/**
 * A stock exchange that was written for {@code TreeMap}s: {@link
 * org.macekv.examples.exchange.Exchange} knows nothing of Mace. {@link
 * org.macekv.examples.exchange.Books} has the lines that construct its maps, once in memory and
 * once in a store; nothing else differs.
 */
@NullMarked
package org.macekv.examples.exchange;

import org.jspecify.annotations.NullMarked;
