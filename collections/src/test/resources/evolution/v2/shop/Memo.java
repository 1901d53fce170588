package shop;

import java.util.ArrayList;
import java.util.Collection;

public class Memo {
  public Collection<Object> about = new ArrayList<>();
  public String words = "none";
  public String author = "unknown";
}
