/**
 * One class that has to be in DJL's own package; see {@link ai.djl.pytorch.jni.TorchScriptCall}.
 */
package ai.djl.pytorch.jni;
