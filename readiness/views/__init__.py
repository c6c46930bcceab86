"""One module for each tool. Every page is made from its address or its form alone: no session, nothing stored."""
