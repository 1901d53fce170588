package shop;

import java.util.ArrayList;
import java.util.List;

public class Note {
  public String text = "";
  public int priority = 1;
  public List<Object> about = new ArrayList<>();
}
