/**
 * A bank: many threads move money between accounts, each transfer a transaction, and several may
 * want the same accounts at once. No money appears or gets lost, whatever is killed.
 */
@NullMarked
package org.macekv.examples.bank;

import org.jspecify.annotations.NullMarked;
