"""What is shipped: the packages it needs, their pins and licences, a bill of materials, and the wheel itself."""
