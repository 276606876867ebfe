FILE_FAULTS=("a",)
def wanted(a,b): return ()
def plant(*a): pass
