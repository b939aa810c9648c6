setup(install_requires=['a>=1', "b", x])
