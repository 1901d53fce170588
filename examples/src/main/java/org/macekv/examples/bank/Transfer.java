package org.macekv.examples.bank;

/**
 * Money that went from one account to another.
 *
 * @param from the number of the account that gave it
 * @param to the number of the account that got it, another one
 * @param cents how much, more than 0
 */
public record Transfer(int from, int to, long cents) {}
