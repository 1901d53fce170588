/**
 * Sorts what is loaded in any order, through files of runs if it is more than memory shall hold.
 * Uses storage and formats only; knows no trees and no transactions. Runs are no part of the store:
 * the next opening deletes those that are left.
 */
@org.jspecify.annotations.NullMarked
package org.macekv.internal.load;
