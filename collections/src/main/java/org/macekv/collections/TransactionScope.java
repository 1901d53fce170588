package org.macekv.collections;

/** Placeholder. */
public interface TransactionScope {}
