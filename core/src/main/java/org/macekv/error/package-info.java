/**
 * The exceptions of the engine, all unchecked and all under {@link org.macekv.error.MaceException}.
 * Bad arguments are reported with the standard Java exceptions. This package depends on nothing.
 */
package org.macekv.error;
