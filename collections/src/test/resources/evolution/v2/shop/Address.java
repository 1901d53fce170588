package shop;

public record Address(String city, String zip) {}
